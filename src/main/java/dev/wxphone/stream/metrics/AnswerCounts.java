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
 * What this process has answered since it started, for its metrics. Counted when processed: a
 * transaction that is aborted and done again counts twice here, and never on a topic.
 */
public final class AnswerCounts {
  /** How a click that would have failed became a profile. */
  public enum Recovered {
    /** Its session key arrived while it waited. */
    WAITED,
    /** An older session key was the right one. */
    OLDER_KEY,
    /** Its text or iv was mended. */
    REPAIRED,
    /** It had been published into the wrong partition. */
    REROUTED
  }

  private final LongAdder profiles = new LongAdder();
  private final Map<Reason, LongAdder> deadLetters = new EnumMap<>(Reason.class);
  private final Map<Recovered, LongAdder> recovered = new EnumMap<>(Recovered.class);
  private final LongAdder rerouted = new LongAdder();
  private final AtomicLong waiting = new AtomicLong();

  /** When the first payload of each waiting room has to leave; of rooms where someone waits. */
  private final Map<Object, Long> deadlines = new ConcurrentHashMap<>();

  public AnswerCounts() {
    for (Reason reason : Reason.values()) {
      deadLetters.put(reason, new LongAdder());
    }
    for (Recovered how : Recovered.values()) {
      recovered.put(how, new LongAdder());
    }
  }

  public void profile(Profile profile, boolean waited, boolean wasRerouted) {
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

  public void deadLetter(Reason reason) {
    of(reason).increment();
  }

  public void rerouted() {
    rerouted.increment();
  }

  public void waiting(int change) {
    waiting.addAndGet(change);
  }

  /**
   * Tells when the first payload of a waiting room has to leave.
   *
   * @param deadline milliseconds since 1970; {@link Long#MAX_VALUE} where nobody waits in it, or it
   *     is no longer here
   */
  public void nextDeadline(Object room, long deadline) {
    if (deadline == Long.MAX_VALUE) {
      deadlines.remove(room);
    } else {
      deadlines.put(room, deadline);
    }
  }

  /** Profiles published. */
  public long profiles() {
    return profiles.sum();
  }

  /** Dead letters of a reason. */
  public long deadLetters(Reason reason) {
    return of(reason).sum();
  }

  /** Profiles that a plain join would have missed; one may be here twice, for two causes. */
  public long recovered(Recovered how) {
    return of(how).sum();
  }

  /** Records of either input that were sent on into their right partition. */
  public long reroutedRecords() {
    return rerouted.sum();
  }

  /** Payloads that wait for their session key now. */
  public long waitingPayloads() {
    return waiting.get();
  }

  /**
   * For how long a payload's waiting should have ended; 0 where none is overdue.
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
