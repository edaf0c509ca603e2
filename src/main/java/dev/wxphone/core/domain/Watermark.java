package dev.wxphone.core.domain;

/**
 * WeChat's mark in the plaintext: for which app and when it was made.
 *
 * @param timestamp seconds since 1970
 */
public record Watermark(String appid, long timestamp) {}
