package dev.wxphone.core.domain;

import org.jspecify.annotations.Nullable;

/**
 * What one exchanged {@code wx.login} brings.
 *
 * @param unionid non-empty, or null where WeChat gave none
 */
public record Login(SessionKey key, @Nullable String unionid) {}
