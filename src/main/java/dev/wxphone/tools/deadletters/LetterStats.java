package dev.wxphone.tools.deadletters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.letters.LetterTopic;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Counts letters by reason, by the hour in which they came, and by status. */
final class LetterStats {
  /** A letter that expires within this time is near its expiry. */
  private static final long NEAR_MS = Duration.ofDays(1).toMillis();

  /** The letters of one reason that came in one hour. */
  record Cell(Reason reason, Instant hour) implements Comparable<Cell> {
    private static final Comparator<Cell> ORDER =
        Comparator.comparing(Cell::reason).thenComparing(Cell::hour);

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }
  }

  /** The counts of one cell, or of several. */
  static final class Count {
    long letters;
    long open;
    long replayed;
    long parked;
    long wouldSucceed;
    long nearExpiry;

    void add(Count other) {
      letters += other.letters;
      open += other.open;
      replayed += other.replayed;
      parked += other.parked;
      wouldSucceed += other.wouldSucceed;
      nearExpiry += other.nearExpiry;
    }
  }

  private final LetterTopic topic;
  private final long now;
  private final Map<Cell, Count> cells = new TreeMap<>();
  private long unreadable;

  /**
   * Creates stats of no letters.
   *
   * @param now milliseconds since 1970
   */
  LetterStats(LetterTopic topic, long now) {
    this.topic = topic;
    this.now = now;
  }

  /** Counts a letter. */
  void add(AssessedLetter assessed) {
    long appendedAt = assessed.letter().appendedAt();
    Instant hour = Instant.ofEpochMilli(appendedAt).truncatedTo(ChronoUnit.HOURS);
    Count count =
        cells.computeIfAbsent(new Cell(assessed.letter().reason(), hour), cell -> new Count());
    count.letters++;
    if (assessed.audit() != null) {
      boolean parked = assessed.audit().action() == AuditRecord.Action.PARKED;
      count.parked += parked ? 1 : 0;
      count.replayed += parked ? 0 : 1;
    }
    count.wouldSucceed += assessed.status() == LetterStatus.WOULD_SUCCEED ? 1 : 0;
    if (assessed.isOpen()) {
      count.open++;
      count.nearExpiry += topic.expiry(appendedAt) - now < NEAR_MS ? 1 : 0;
    }
  }

  /** Sets the number of records on the topic that wxphone has not written. */
  void setUnreadable(long records) {
    unreadable = records;
  }

  /** Returns the number of records on the topic that wxphone has not written. */
  long unreadable() {
    return unreadable;
  }

  /** Returns the counts by reason and hour. */
  Map<Cell, Count> cells() {
    return cells;
  }

  /** Returns the counts by reason. */
  Map<Reason, Count> byReason() {
    return sums(Cell::reason);
  }

  /** Returns the counts by hour, the earliest first. */
  Map<Instant, Count> byHour() {
    return sums(Cell::hour);
  }

  /** Returns the counts of all letters. */
  Count total() {
    Count total = new Count();
    cells.values().forEach(total::add);
    return total;
  }

  private <K> Map<K, Count> sums(Function<Cell, K> key) {
    Map<K, Count> sums = new TreeMap<>();
    cells.forEach(
        (cell, count) -> sums.computeIfAbsent(key.apply(cell), k -> new Count()).add(count));
    return sums;
  }
}
