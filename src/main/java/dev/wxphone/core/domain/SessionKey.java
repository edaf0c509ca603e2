package dev.wxphone.core.domain;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The 16-byte AES key of one login of one user, and the app it was made for. It never shows itself:
 * its bytes come out by {@link #revealBytes} alone, so that a search finds every place that sees
 * them.
 */
public final class SessionKey {
  /** The length of every session key, in bytes. */
  public static final int LENGTH = 16;

  private final byte[] bytes;
  private final @Nullable String appid;

  private SessionKey(byte[] bytes, @Nullable String appid) {
    this.bytes = bytes;
    this.appid = appid;
  }

  /**
   * A session key.
   *
   * @param appid the app of the login; null where the login service did not say
   * @throws IllegalArgumentException where there are not 16 bytes
   */
  public static SessionKey of(byte[] bytes, @Nullable String appid) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "Invalid session key of " + bytes.length + " bytes; only 16-byte keys are supported");
    }
    return new SessionKey(bytes.clone(), appid);
  }

  /** The key itself, a copy. For decrypting and storing only. */
  public byte[] revealBytes() {
    return bytes.clone();
  }

  /** The app of the login, or null where the login service did not say. */
  public @Nullable String appid() {
    return appid;
  }

  /** Session keys are distinct by their bytes alone. */
  public boolean sameBytes(SessionKey other) {
    return Arrays.equals(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionKey that && sameBytes(that) && Objects.equals(appid, that.appid);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SessionKey[****, appid=" + appid + "]";
  }
}
