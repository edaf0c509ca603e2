package dev.wxphone.stream.metrics;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The answers of this process since its start, counted for its metrics. They are counted when
 * processed, so those of a transaction that is aborted and repeated count twice.
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

  private final LongAdder profiles = new LongAdder();
  private final Map<Reason, LongAdder> deadLetters = new EnumMap<>(Reason.class);
  private final Map<Recovered, LongAdder> recovered = new EnumMap<>(Recovered.class);
  private final LongAdder rerouted = new LongAdder();
  private final LongAdder idleUsers = new LongAdder();
  private final LongAdder deletedUnread = new LongAdder();
  private final AtomicLong waiting = new AtomicLong();

  /** The next deadline of each waiting room with payloads in it, in milliseconds since 1970. */
  private final Map<Object, Long> deadlines = new ConcurrentHashMap<>();

  public AnswerCounts() {
    for (Reason reason : Reason.values()) {
      deadLetters.put(reason, new LongAdder());
    }
    for (Recovered how : Recovered.values()) {
      recovered.put(how, new LongAdder());
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
      of(Recovered.WAITED).increment();
    }
    if (profile.sessionKeyAge() > 0) {
      of(Recovered.OLDER_KEY).increment();
    }
    if (!profile.repairs().isEmpty()) {
      of(Recovered.REPAIRED).increment();
    }
    if (wasRerouted) {
      of(Recovered.REROUTED).increment();
    }
  }

  /** Counts a dead letter. */
  public void countDeadLetter(Reason reason) {
    of(reason).increment();
  }

  /** Counts a rerouted record. */
  public void countRerouted() {
    rerouted.increment();
  }

  /** Counts a user that was dropped as idle. */
  public void countIdleUser() {
    idleUsers.increment();
  }

  /** Returns how many users were dropped as idle. */
  public long idleUsers() {
    return idleUsers.sum();
  }

  /** Counts records of the inputs that were deleted before they were read. */
  public void addDeletedUnread(long records) {
    deletedUnread.add(records);
  }

  /**
   * Changes the number of waiting payloads.
   *
   * @param change how many more; negative if fewer
   */
  public void addWaiting(int change) {
    waiting.addAndGet(change);
  }

  /**
   * Sets the next deadline of a waiting room.
   *
   * @param deadline milliseconds since 1970; {@link Long#MAX_VALUE} if no payload waits in it, or
   *     its task was closed
   */
  public void setNextDeadline(Object room, long deadline) {
    if (deadline == Long.MAX_VALUE) {
      deadlines.remove(room);
    } else {
      deadlines.put(room, deadline);
    }
  }

  /** Returns how many profiles were forwarded. */
  public long profiles() {
    return profiles.sum();
  }

  /** Returns how many dead letters of a reason were forwarded. */
  public long deadLetters(Reason reason) {
    return of(reason).sum();
  }

  /** Returns how many clicks were recovered in this way; one click may count in several. */
  public long recovered(Recovered how) {
    return of(how).sum();
  }

  /** Returns how many records of both inputs were rerouted. */
  public long reroutedRecords() {
    return rerouted.sum();
  }

  /** Returns how many records of the inputs were deleted before they were read, at most. */
  public long deletedUnread() {
    return deletedUnread.sum();
  }

  /** Returns how many payloads wait for their session key now. */
  public long waitingPayloads() {
    return waiting.get();
  }

  /**
   * Returns for how long the earliest deadline has passed, in milliseconds; 0 if none has.
   *
   * @param now milliseconds since 1970
   */
  public long overdueMillis(long now) {
    return deadlines.values().stream().mapToLong(first -> Math.max(0, now - first)).max().orElse(0);
  }

  private LongAdder of(Reason reason) {
    return Objects.requireNonNull(deadLetters.get(reason));
  }

  private LongAdder of(Recovered how) {
    return Objects.requireNonNull(recovered.get(how));
  }
}
