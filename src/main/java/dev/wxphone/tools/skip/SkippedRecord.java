package dev.wxphone.tools.skip;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.kafka.BatchReader.PackedRecord;
import dev.wxphone.operator.Units;
import java.time.Instant;

/**
 * A record that is passed without being processed, and its dead letter.
 *
 * @param isSessionKey whether it lies on {@code session-key}, else on {@code phone-payload}
 * @param partitions the number of partitions of its topic
 */
record SkippedRecord(PackedRecord record, boolean isSessionKey, int partitions) {

  /** Returns its dead letter. */
  OutgoingDeadLetter letter(Instant now) {
    Provenance origin = Provenance.of(record.headers(), record.coordinates(), record.timestamp());
    ReceivedRecord received =
        new ReceivedRecord(
            record.key(),
            record.value(),
            record.headers(),
            record.coordinates(),
            isSessionKey ? origin.neverReplayed() : origin);
    Cause cause = cause();
    if (record.isOversized() || record.isWithheld()) {
      return OutgoingDeadLetter.ofUnread(
          withoutValue(received), Math.max(0, record.valueBytes()), cause, now);
    }
    return isSessionKey
        ? OutgoingDeadLetter.ofSessionKey(received, cause, now)
        : OutgoingDeadLetter.ofPayload(received, cause, now);
  }

  private static ReceivedRecord withoutValue(ReceivedRecord received) {
    return new ReceivedRecord(
        received.key(), null, received.headers(), received.source(), received.origin());
  }

  /** Returns the reason: of those that fit, the first in the order of {@link Reason}. */
  Cause cause() {
    if (!record.isOversized()) {
      return new Cause(
          Reason.PROCESSING_FAILED,
          "It lies in one batch with a record that is too large to be unpacked, and behind it, so it could not be read (OutOfMemoryError); "
              + (isSessionKey ? "publish it again." : "replay it."),
          0);
    }
    byte[] key = record.key();
    if (key == null || !Openid.isOne(key)) {
      return new Cause(
          Reason.INVALID_OPENID,
          "The record key %s, and no openid is like that; publish each record under its openid, as plain text of letters, digits, _ and -."
              .formatted(
                  Openid.flaw(
                      record.keyBytes() > InputLimits.KEY_BYTES
                          ? new byte[InputLimits.KEY_BYTES + 1]
                          : key)),
          0);
    }
    if (Partitioning.of(key, partitions) != record.partition().partition()) {
      return new Cause(
          Reason.WRONG_PARTITION,
          "The record belongs into partition %d, where Kafka's default partitioner (murmur2) puts its key, and was too large to be read, once unpacked (%s); set the backend's partitioner to murmur2, and publish %s."
              .formatted(Partitioning.of(key, partitions), size(), what()),
          0);
    }
    return new Cause(
        isSessionKey ? Reason.MALFORMED_SESSION_KEY : Reason.MALFORMED_PAYLOAD,
        "The record was too large to be read, once unpacked (%s), and was skipped; publish %s."
            .formatted(size(), what()),
        0);
  }

  private String size() {
    return Units.count(record.bytes(), "byte");
  }

  private String what() {
    return (isSessionKey ? "the jscode2session answer" : "e.detail of the phone button")
        + " and nothing more";
  }
}
