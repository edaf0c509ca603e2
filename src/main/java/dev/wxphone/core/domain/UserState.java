package dev.wxphone.core.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state that is kept of one openid. Immutable: each event returns the state after it.
 *
 * @param keys the latest distinct session keys, newest first, in order of arrival
 * @param unionid the newest non-empty unionid; null if none is known
 * @param newestWatermark the watermark of the newest profile published, in seconds since 1970;
 *     {@link #NEVER} if there is none
 * @param forgottenAt the instant up to which clicks are forgotten, in milliseconds since 1970;
 *     {@link #NEVER} if the person was never forgotten
 * @param loggedOutAt the instant of the last logout, in milliseconds since 1970; {@link #NEVER} if
 *     there was none
 * @param staleAt when payloads were found stale under the current newest key, by the processor's
 *     clock, in milliseconds since 1970, oldest first; bounded, the latest are kept
 * @param activeAt when a record of the openid last counted as a sign that the user is there, by the
 *     processor's clock, in seconds since 1970; {@link #NEVER} if that is unknown
 */
public record UserState(
    List<SessionKey> keys,
    @Nullable String unionid,
    long newestWatermark,
    long forgottenAt,
    long loggedOutAt,
    List<Long> staleAt,
    long activeAt) {

  /** The timestamp of what never happened. */
  public static final long NEVER = Long.MIN_VALUE;

  /** How long a stale payload counts, in milliseconds. */
  private static final long STALE_RETENTION = 24 * 60 * 60 * 1000L;

  /** The state of an openid that was never seen. */
  public static final UserState UNKNOWN = new UserState(List.of(), null, NEVER, NEVER);

  public UserState {
    keys = List.copyOf(keys);
    staleAt = List.copyOf(staleAt);
  }

  /** Creates a state without a logout, without stale payloads and without a known activity. */
  public UserState(
      List<SessionKey> keys, @Nullable String unionid, long newestWatermark, long forgottenAt) {
    this(keys, unionid, newestWatermark, forgottenAt, NEVER, List.of(), NEVER);
  }

  /**
   * Returns the state after a login, with its key as the newest one. A key that was known already
   * moves to the front, with the appid of this login. Stale payloads are counted under the newest
   * key, so the count starts again unless that stays the same.
   *
   * @param limit how many keys are kept, at least 1
   */
  public UserState loggedIn(Login login, int limit) {
    return loggedIn(login, limit, 0);
  }

  /**
   * Returns the state after a login whose record was read late: its key comes behind those of later
   * logins.
   *
   * @param limit how many keys are kept, at least 1
   */
  public UserState loggedInBefore(Login login, int limit) {
    int position = 0;
    for (SessionKey known : keys) {
      if (!known.sameBytes(login.key()) && known.loggedInAt() > login.key().loggedInAt()) {
        position++;
      }
    }
    return loggedIn(login, limit, position);
  }

  private UserState loggedIn(Login login, int limit, int position) {
    List<SessionKey> latest = new ArrayList<>(keys);
    latest.removeIf(known -> known.sameBytes(login.key()));
    latest.add(position, login.key());
    UserState after =
        withKeys(latest).withKeyLimit(limit).withUnionid(position == 0 ? login.unionid() : null);
    return !keys.isEmpty() && after.sameNewestKey(this) ? after : after.withStale(List.of());
  }

  /** Returns this state with at most {@code limit} keys, the newest ones. */
  public UserState withKeyLimit(int limit) {
    return keys.size() <= limit ? this : withKeys(keys.subList(0, limit));
  }

  /**
   * Returns the state after a logout, which drops every key and nothing else: profiles stay in
   * order across it.
   *
   * @param at milliseconds since 1970
   */
  public UserState loggedOut(long at) {
    return withoutKeys().withLoggedOutAt(at);
  }

  /**
   * Returns the state after a logout whose record was read late: keys of later logins stay.
   *
   * @param at milliseconds since 1970
   */
  public UserState loggedOutBefore(long at) {
    return withKeys(keys.stream().filter(key -> key.loggedInAt() > at).toList())
        .withLoggedOutAt(at);
  }

  /**
   * Returns the state after the person was forgotten: the instants and the order of profiles
   * remain.
   *
   * @param at milliseconds since 1970
   */
  public UserState forgotten(long at) {
    return new UserState(
        List.of(),
        null,
        newestWatermark,
        Math.max(at, forgottenAt),
        loggedOutAt,
        List.of(),
        activeAt);
  }

  /**
   * Returns this state with clicks forgotten up to an instant, the session keys kept: of a null on
   * {@code user-profile}, whose reader learns of the keys from {@code session-key}.
   *
   * @param at milliseconds since 1970
   */
  public UserState withForgottenAt(long at) {
    return new UserState(
        keys, unionid, newestWatermark, Math.max(at, forgottenAt), loggedOutAt, staleAt, activeAt);
  }

  /** Returns the state after a profile with this watermark was published. */
  public UserState published(Watermark watermark) {
    return watermark.timestamp() <= newestWatermark
        ? this
        : new UserState(
            keys, unionid, watermark.timestamp(), forgottenAt, loggedOutAt, staleAt, activeAt);
  }

  /**
   * Returns the state after one more stale payload.
   *
   * @param now milliseconds since 1970
   * @param limit how many stale payloads are remembered
   */
  public UserState stale(long now, int limit) {
    List<Long> latest = new ArrayList<>(withoutFutureStale(now).staleAt);
    latest.add(now);
    return withStale(latest.subList(Math.max(0, latest.size() - limit), latest.size()));
  }

  /**
   * Returns whether at least {@code limit} payloads were stale within 24 hours.
   *
   * @param now milliseconds since 1970
   */
  public boolean hasTooManyStale(long now, int limit) {
    return staleAt.size() >= limit
        && Math.min(now, staleAt.get(staleAt.size() - limit)) > now - STALE_RETENTION;
  }

  /**
   * Returns this state without stale payloads in the future: those that a clock ahead of time has
   * counted would otherwise count for longer than a day.
   *
   * @param now milliseconds since 1970
   */
  public UserState withoutFutureStale(long now) {
    return staleAt.isEmpty() || staleAt.get(staleAt.size() - 1) <= now
        ? this
        : withStale(staleAt.stream().map(at -> Math.min(at, now)).toList());
  }

  /** Returns whether both states have the same newest key, or both have none. */
  public boolean sameNewestKey(UserState other) {
    if (keys.isEmpty() || other.keys.isEmpty()) {
      return keys.isEmpty() && other.keys.isEmpty();
    }
    return keys.get(0).sameBytes(other.keys.get(0));
  }

  /** Returns this state without its keys. */
  public UserState withoutKeys() {
    return withKeys(List.of());
  }

  /**
   * Returns this state as of an active user.
   *
   * @param now the processor's time, in milliseconds since 1970
   */
  public UserState active(long now) {
    return new UserState(
        keys, unionid, newestWatermark, forgottenAt, loggedOutAt, staleAt, now / 1000);
  }

  /**
   * Returns for how long the user has not been active, in milliseconds; 0 if that is unknown.
   *
   * @param now the processor's time, in milliseconds since 1970
   */
  public long idleMillis(long now) {
    return activeAt == NEVER ? 0 : Math.max(0, now - activeAt * 1000);
  }

  /**
   * Returns this state without the keys that the next login has superseded before an instant. A key
   * of an unknown time supersedes none.
   *
   * @param before milliseconds since 1970
   */
  public UserState withoutSuperseded(long before) {
    for (int i = 0; i + 1 < keys.size(); i++) {
      long next = keys.get(i).loggedInAt();
      if (next != NEVER && next < before) {
        return withKeyLimit(i + 1);
      }
    }
    return this;
  }

  private UserState withUnionid(@Nullable String newest) {
    return newest == null
        ? this
        : new UserState(keys, newest, newestWatermark, forgottenAt, loggedOutAt, staleAt, activeAt);
  }

  private UserState withLoggedOutAt(long at) {
    return new UserState(
        keys, unionid, newestWatermark, forgottenAt, Math.max(at, loggedOutAt), staleAt, activeAt);
  }

  private UserState withStale(List<Long> latest) {
    return new UserState(
        keys, unionid, newestWatermark, forgottenAt, loggedOutAt, latest, activeAt);
  }

  private UserState withKeys(List<SessionKey> latest) {
    return new UserState(
        latest, unionid, newestWatermark, forgottenAt, loggedOutAt, staleAt, activeAt);
  }
}
