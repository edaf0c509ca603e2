package dev.wxphone.core.domain;

import org.jspecify.annotations.Nullable;

/**
 * A login: the answer to an exchanged {@code wx.login} code.
 *
 * @param unionid non-empty, or null if WeChat gave none
 */
public record Login(SessionKey key, @Nullable String unionid) {}
