package dev.wxphone.core.domain;

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
 * @param loggedOutAt the instant of the last logout, in milliseconds since 1970; {@link #NEVER}
 *     where there was none
 * @param staleAt the instants by our clock at which payloads were found stale under the present
 *     newest key, in milliseconds since 1970, oldest first; the latest of them, no more
 */
public record UserState(
    List<SessionKey> keys,
    @Nullable String unionid,
    long newestWatermark,
    long forgottenAt,
    long loggedOutAt,
    List<Long> staleAt) {

  /** Before all time. */
  public static final long NEVER = Long.MIN_VALUE;

  /** How long a payload that was stale counts, in milliseconds. */
  private static final long STALE_COUNTS = 24 * 60 * 60 * 1000L;

  /** Nothing is known. */
  public static final UserState UNKNOWN = new UserState(List.of(), null, NEVER, NEVER);

  public UserState {
    keys = List.copyOf(keys);
    staleAt = List.copyOf(staleAt);
  }

  /** Of one who never logged out, and of whom nothing was stale. */
  public UserState(
      List<SessionKey> keys, @Nullable String unionid, long newestWatermark, long forgottenAt) {
    this(keys, unionid, newestWatermark, forgottenAt, NEVER, List.of());
  }

  /**
   * A login: its key is the newest now. One that was known moves to the front and brings its appid.
   * What was stale was so under the newest key, so it counts on only where that stays the newest.
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
    boolean sameNewest = !keys.isEmpty() && keys.get(0).sameBytes(login.key());
    return new UserState(
        latest,
        login.unionid() == null ? unionid : login.unionid(),
        newestWatermark,
        forgottenAt,
        loggedOutAt,
        sameNewest ? staleAt : List.of());
  }

  /** The same with so many keys at the most, the newest ones. */
  public UserState keeping(int limit) {
    return keys.size() <= limit ? this : withKeys(keys.subList(0, limit));
  }

  /** A logout forgets every key, and nothing else: profiles stay in order across it. */
  public UserState loggedOut(long at) {
    return new UserState(
        List.of(), unionid, newestWatermark, forgottenAt, Math.max(at, loggedOutAt), staleAt);
  }

  /** The person is forgotten: all that stays is the instants, and the order of profiles. */
  public UserState forgotten(long at) {
    return new UserState(
        List.of(), null, newestWatermark, Math.max(at, forgottenAt), loggedOutAt, List.of());
  }

  /** A profile of this watermark is published. */
  public UserState published(Watermark watermark) {
    return watermark.timestamp() <= newestWatermark
        ? this
        : new UserState(keys, unionid, watermark.timestamp(), forgottenAt, loggedOutAt, staleAt);
  }

  /** One payload more was stale. */
  public UserState stale(long now, int limit) {
    List<Long> latest = new ArrayList<>(noneAfter(now).staleAt);
    latest.add(now);
    return withStale(latest.subList(Math.max(0, latest.size() - limit), latest.size()));
  }

  /** Whether so many payloads were stale within a day that no further one is tried. */
  public boolean triedTooOften(long now, int limit) {
    return staleAt.size() >= limit
        && Math.min(now, staleAt.get(staleAt.size() - limit)) > now - STALE_COUNTS;
  }

  /**
   * The same, but nothing was stale after now: what a clock that was ahead has counted would count
   * until that day.
   */
  public UserState noneAfter(long now) {
    return staleAt.isEmpty() || staleAt.get(staleAt.size() - 1) <= now
        ? this
        : withStale(staleAt.stream().map(at -> Math.min(at, now)).toList());
  }

  /** Whether both have the same newest key, if any. */
  public boolean sameNewestKey(UserState other) {
    if (keys.isEmpty() || other.keys.isEmpty()) {
      return keys.isEmpty() && other.keys.isEmpty();
    }
    return keys.get(0).sameBytes(other.keys.get(0));
  }

  /** The same without its keys. */
  public UserState withoutKeys() {
    return withKeys(List.of());
  }

  private UserState withStale(List<Long> latest) {
    return new UserState(keys, unionid, newestWatermark, forgottenAt, loggedOutAt, latest);
  }

  private UserState withKeys(List<SessionKey> fewer) {
    return new UserState(fewer, unionid, newestWatermark, forgottenAt, loggedOutAt, staleAt);
  }
}
