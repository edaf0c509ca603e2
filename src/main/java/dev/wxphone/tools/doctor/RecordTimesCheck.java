package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the records of an input bear times with which retention keeps them until they are
 * read. A record that was stamped far in the past is deleted with the segment that it lies in.
 */
final class RecordTimesCheck {
  static final String CHECK = "record times";

  private final String topic;
  private final long retentionMs;
  private final Instant from;
  private final Instant now;
  private final Map<Integer, Pending> partitions = new HashMap<>();
  private long records;
  private long inSeconds;
  private long tooOld;
  private @Nullable RecordCoordinates newest;
  private long newestTimestamp;

  /** The records of a partition of which it is not known yet whether they are new. */
  private static final class Pending {
    private boolean afterNew;
    private long records;
    private @Nullable ConsumerRecord<byte[], byte[]> last;
  }

  /**
   * Creates the check.
   *
   * @param retentionMs how long the topic keeps records, in milliseconds
   * @param from records that were appended before are not judged
   */
  RecordTimesCheck(String topic, long retentionMs, Instant from, Instant now) {
    this.topic = topic;
    this.retentionMs = retentionMs;
    this.from = from;
    this.now = now;
  }

  /** Takes a record into account; those of a partition in order. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    Pending pending = partitions.computeIfAbsent(record.partition(), partition -> new Pending());
    ClickTime time = ClickTime.of(record.timestamp(), now.toEpochMilli());
    if (time.inSeconds() || time.isImpossible()) {
      // Its time does not tell when it was appended, but that of the next one bounds it.
      pending.records++;
      pending.last = record;
      return;
    }
    if (time.millis() >= from.toEpochMilli()) {
      count(pending);
      pending.afterNew = true;
      records++;
    } else if (pending.afterNew && isTooOld(time.millis())) {
      count(pending);
      records++;
      tooOld++;
      note(record);
    }
    pending.records = 0;
    pending.last = null;
  }

  /** Returns the finding. */
  Finding finding() {
    partitions.values().forEach(this::count);
    partitions.clear();
    if (newest == null) {
      return new Fine(CHECK, topic + ": no record is stamped further back than it is kept");
    }
    if (inSeconds > 0) {
      return new Wrong(
          CHECK,
          "%s: %s of %s stamped in seconds, the last one %s: for Kafka that is January 1970, so that retention deletes them, read or not"
              .formatted(topic, Units.number(inSeconds), Units.count(records, "record"), newest),
          "give a record's timestamp in milliseconds since 1970, or none at all");
    }
    return new Wrong(
        CHECK,
        "%s: %s of %s stamped further back than the topic keeps records, the last one %s by %s: retention deletes them, read or not"
            .formatted(
                topic,
                Units.number(tooOld),
                Units.count(records, "record"),
                newest,
                Units.time(Duration.ofMillis(Math.max(0, now.toEpochMilli() - newestTimestamp)))),
        "give the time of the click or login in milliseconds since 1970, or none at all; if they"
            + " are that old, raise retention.ms before they are published");
  }

  private boolean isTooOld(long millis) {
    return retentionMs < now.toEpochMilli() && millis < now.toEpochMilli() - retentionMs;
  }

  private void count(Pending pending) {
    if (pending.last == null) {
      return;
    }
    records += pending.records;
    if (ClickTime.of(pending.last.timestamp(), now.toEpochMilli()).inSeconds()) {
      inSeconds += pending.records;
    } else {
      tooOld += pending.records;
    }
    note(pending.last);
    pending.records = 0;
    pending.last = null;
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    newest = new RecordCoordinates(record.topic(), record.partition(), record.offset());
    newestTimestamp = Math.max(0, record.timestamp());
  }
}
