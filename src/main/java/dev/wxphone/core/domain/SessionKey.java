package dev.wxphone.core.domain;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The 16-byte AES key of a user's login, the app and the time of the login. Only {@link
 * #revealBytes} returns its bytes, so that a search finds every place that sees them.
 */
public final class SessionKey {
  /** The length of every session key, in bytes. */
  public static final int LENGTH = 16;

  private final byte[] bytes;
  private final @Nullable String appid;
  private final long loggedInAt;

  private SessionKey(byte[] bytes, @Nullable String appid, long loggedInAt) {
    this.bytes = bytes;
    this.appid = appid;
    this.loggedInAt = loggedInAt;
  }

  /**
   * Creates a session key of a login at an unknown time.
   *
   * @param appid the app of the login; null if the login service did not state it
   * @throws IllegalArgumentException if there are not 16 bytes
   */
  public static SessionKey of(byte[] bytes, @Nullable String appid) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "Invalid session key of " + bytes.length + " bytes; only 16-byte keys are supported");
    }
    return new SessionKey(bytes.clone(), appid, UserState.NEVER);
  }

  /**
   * Returns the same key, with the time of its login.
   *
   * @param millis milliseconds since 1970
   */
  public SessionKey at(long millis) {
    return new SessionKey(bytes, appid, millis);
  }

  /** Returns a copy of the key, for decrypting and storing only. */
  public byte[] revealBytes() {
    return bytes.clone();
  }

  /** Returns the app of the login, or null if the login service did not state it. */
  public @Nullable String appid() {
    return appid;
  }

  /** Returns when its login was, in milliseconds since 1970; {@link UserState#NEVER} if unknown. */
  public long loggedInAt() {
    return loggedInAt;
  }

  /** Returns whether both have the same bytes; by these alone session keys are distinct. */
  public boolean sameBytes(SessionKey other) {
    return Arrays.equals(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionKey that
        && sameBytes(that)
        && loggedInAt == that.loggedInAt
        && Objects.equals(appid, that.appid);
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
