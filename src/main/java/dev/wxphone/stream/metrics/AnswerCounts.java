package dev.wxphone.stream.metrics;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicRole;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * What this process has read and answered since its start, counted for its metrics; it outlives a
 * stream that ends and is started again. Records and answers are counted when processed, so those
 * of a transaction that is aborted and repeated count twice.
 */
public final class AnswerCounts {
  /** How a click became a profile that a join with the newest key would have missed. */
  public enum Recovered {
    /** The session key arrived while the click waited. */
    WAITED,
    /** An older session key decrypted it. */
    OLDER_KEY,
    /** Its text or iv was repaired. */
    REPAIRED,
    /** It was published to the wrong partition. */
    REROUTED
  }

  /** What a record of {@code session-key} does to an openid's session keys. */
  public enum SessionKeyChange {
    LOGIN,
    LOGOUT,
    FORGOTTEN
  }

  /**
   * The waiting payloads of one waiting room.
   *
   * @param nextDeadline milliseconds since 1970
   * @param oldestArrival milliseconds since 1970
   */
  private record Waiting(int payloads, long nextDeadline, long oldestArrival) {}

  private final LongAdder profiles = new LongAdder();
  private final EnumCounts<TopicRole> records = new EnumCounts<>(TopicRole.class);
  private final EnumCounts<Reason> deadLetters = new EnumCounts<>(Reason.class);
  private final EnumCounts<RefusalErrno> refusals = new EnumCounts<>(RefusalErrno.class);
  private final EnumCounts<SessionKeyChange> sessionKeys = new EnumCounts<>(SessionKeyChange.class);
  private final EnumCounts<Recovered> recovered = new EnumCounts<>(Recovered.class);
  private final EnumCounts<TopicRole> rerouted = new EnumCounts<>(TopicRole.class);
  private final LongAdder idleUsers = new LongAdder();
  private final LongAdder deletedUnread = new LongAdder();
  private final LongAdder restored = new LongAdder();
  private final AtomicLong lastLogin = new AtomicLong(System.currentTimeMillis());
  private final AtomicLong lastClick = new AtomicLong(lastLogin.get());
  private final Map<Object, Waiting> waiting = new ConcurrentHashMap<>();
  private final CommitTimes commitTimes = new CommitTimes();

  /**
   * Counts a record of {@code phone-payload}.
   *
   * @param now milliseconds since 1970
   */
  public void countPayload(long now) {
    records.increment(TopicRole.PHONE_PAYLOAD);
    lastClick.lazySet(now);
  }

  /** Counts a record of {@code session-key}, whatever it is. */
  public void countSessionKey() {
    records.increment(TopicRole.SESSION_KEY);
  }

  /**
   * Counts what a record of {@code session-key} does.
   *
   * @param now milliseconds since 1970
   */
  public void countSessionKeyChange(SessionKeyChange change, long now) {
    sessionKeys.increment(change);
    if (change == SessionKeyChange.LOGIN) {
      lastLogin.lazySet(now);
    }
  }

  /**
   * Counts a profile.
   *
   * @param waited whether its payload waited
   * @param wasRerouted whether its payload is a rerouted copy
   */
  public void countProfile(Profile profile, boolean waited, boolean wasRerouted) {
    profiles.increment();
    if (waited) {
      recovered.increment(Recovered.WAITED);
    }
    if (profile.sessionKeyAge() > 0) {
      recovered.increment(Recovered.OLDER_KEY);
    }
    if (!profile.repairs().isEmpty()) {
      recovered.increment(Recovered.REPAIRED);
    }
    if (wasRerouted) {
      recovered.increment(Recovered.REROUTED);
    }
  }

  /** Counts a dead letter. */
  public void countDeadLetter(Reason reason) {
    deadLetters.increment(reason);
  }

  /** Counts the dead letter of a refusal, beside {@link #countDeadLetter}. */
  public void countRefusal(RefusalErrno errno) {
    refusals.increment(errno);
  }

  /** Counts a rerouted record of an input. */
  public void countRerouted(TopicRole input) {
    rerouted.increment(input);
  }

  /** Counts a user that was dropped as idle. */
  public void countIdleUser() {
    idleUsers.increment();
  }

  /** Counts records of the inputs that were deleted before they were read. */
  public void addDeletedUnread(long count) {
    deletedUnread.add(count);
  }

  /** Counts records of changelogs that were restored. */
  public void addRestored(long count) {
    restored.add(count);
  }

  /**
   * Sets what waits in a waiting room.
   *
   * @param payloads 0 also if its task was closed
   * @param nextDeadline milliseconds since 1970
   * @param oldestArrival milliseconds since 1970
   */
  public void setWaiting(Object room, int payloads, long nextDeadline, long oldestArrival) {
    if (payloads == 0) {
      waiting.remove(room);
    } else {
      waiting.put(room, new Waiting(payloads, nextDeadline, oldestArrival));
    }
  }

  /** Forgets what waits: a stream that was not closed in order leaves it behind. */
  public void forgetWaiting() {
    waiting.clear();
  }

  /** Returns the times of commits, and of the answers in them. */
  public CommitTimes commitTimes() {
    return commitTimes;
  }

  /** Returns how many records of an input were processed. */
  public long records(TopicRole input) {
    return records.of(input);
  }

  /** Returns how many profiles were forwarded. */
  public long profiles() {
    return profiles.sum();
  }

  /** Returns how many dead letters of a reason were forwarded. */
  public long deadLetters(Reason reason) {
    return deadLetters.of(reason);
  }

  /** Returns how many dead letters of refusals with this {@code errno} were forwarded. */
  public long refusals(RefusalErrno errno) {
    return refusals.of(errno);
  }

  /** Returns how many changes of this kind were read. */
  public long sessionKeyChanges(SessionKeyChange change) {
    return sessionKeys.of(change);
  }

  /** Returns how many clicks were recovered in this way; one click may count in several. */
  public long recovered(Recovered how) {
    return recovered.of(how);
  }

  /** Returns how many records of an input were rerouted. */
  public long reroutedRecords(TopicRole input) {
    return rerouted.of(input);
  }

  /** Returns how many records of both inputs were rerouted. */
  public long reroutedRecords() {
    return rerouted.sum();
  }

  /** Returns how many users were dropped as idle. */
  public long idleUsers() {
    return idleUsers.sum();
  }

  /** Returns how many records of the inputs were deleted before they were read, at most. */
  public long deletedUnread() {
    return deletedUnread.sum();
  }

  /** Returns how many records of changelogs were restored. */
  public long restored() {
    return restored.sum();
  }

  /** Returns when the last login was read, or the start, in milliseconds since 1970. */
  public long lastLogin() {
    return lastLogin.get();
  }

  /** Returns when the last payload was read, or the start, in milliseconds since 1970. */
  public long lastClick() {
    return lastClick.get();
  }

  /** Returns how many payloads wait for their session key now. */
  public long waitingPayloads() {
    return waiting.values().stream().mapToLong(Waiting::payloads).sum();
  }

  /**
   * Returns for how long the oldest payload has waited, in milliseconds; 0 if none waits.
   *
   * @param now milliseconds since 1970
   */
  public long oldestMillis(long now) {
    return longestSince(Waiting::oldestArrival, now);
  }

  /**
   * Returns for how long the earliest deadline has passed, in milliseconds; 0 if none has.
   *
   * @param now milliseconds since 1970
   */
  public long overdueMillis(long now) {
    return longestSince(Waiting::nextDeadline, now);
  }

  private long longestSince(ToLongFunction<Waiting> instant, long now) {
    return waiting.values().stream()
        .mapToLong(room -> Math.max(0, now - instant.applyAsLong(room)))
        .max()
        .orElse(0);
  }
}
