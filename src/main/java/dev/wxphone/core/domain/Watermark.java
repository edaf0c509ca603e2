package dev.wxphone.core.domain;

/**
 * WeChat's mark in the plaintext: the app and the time of the click.
 *
 * @param timestamp in seconds since 1970
 */
public record Watermark(String appid, long timestamp) {}
