package dev.wxphone.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of one openid.
 *
 * @param keys its latest distinct session keys, newest first, in order of arrival
 * @param unionid the newest non-empty one known
 * @param newestWatermark of the newest profile published, in seconds since 1970; {@link #NEVER}
 *     where there is none
 * @param forgottenAt the instant up to which clicks are forgotten, in milliseconds since 1970;
 *     {@link #NEVER} where the person was never forgotten
 */
public record UserState(
    List<SessionKey> keys, @Nullable String unionid, long newestWatermark, long forgottenAt) {

  /** Before all time. */
  public static final long NEVER = Long.MIN_VALUE;

  /** Nothing is known. */
  public static final UserState UNKNOWN = new UserState(List.of(), null, NEVER, NEVER);

  public UserState {
    keys = List.copyOf(keys);
  }

  /**
   * A login: its key is the newest now. One that was known moves to the front and brings its appid.
   *
   * @param limit how many keys are kept, at least 1
   */
  public UserState loggedIn(Login login, int limit) {
    List<SessionKey> latest = new ArrayList<>(keys.size() + 1);
    latest.add(login.key());
    for (SessionKey known : keys) {
      if (latest.size() < limit && !known.sameBytes(login.key())) {
        latest.add(known);
      }
    }
    return new UserState(
        latest, login.unionid() == null ? unionid : login.unionid(), newestWatermark, forgottenAt);
  }

  /** The same with so many keys at the most, the newest ones. */
  public UserState keeping(int limit) {
    return keys.size() <= limit
        ? this
        : new UserState(keys.subList(0, limit), unionid, newestWatermark, forgottenAt);
  }

  /** A logout forgets every key, and nothing else: profiles stay in order across it. */
  public UserState loggedOut() {
    return new UserState(List.of(), unionid, newestWatermark, forgottenAt);
  }

  /** The person is forgotten: all that stays is the instant, and the order of profiles. */
  public UserState forgotten(long at) {
    return new UserState(List.of(), null, newestWatermark, Math.max(at, forgottenAt));
  }

  /** A profile of this watermark is published. */
  public UserState published(Watermark watermark) {
    return watermark.timestamp() <= newestWatermark
        ? this
        : new UserState(keys, unionid, watermark.timestamp(), forgottenAt);
  }
}
