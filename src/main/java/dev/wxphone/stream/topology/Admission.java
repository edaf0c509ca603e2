package dev.wxphone.stream.topology;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.ReceivedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record of either input is joined: its key must be an openid, it must lie in the
 * partition of that openid, and it must be small enough to be stored and forwarded.
 */
sealed interface Admission {

  /** The record is joined. */
  record Admitted(byte[] openid) implements Admission {}

  /** The record belongs into another partition of its topic and can be rerouted. */
  record Misplaced(int partition) implements Admission {}

  /** The record becomes a dead letter. */
  record Rejected(Cause cause) implements Admission {}

  /**
   * Checks a record.
   *
   * @param malformed the reason for records that are too large
   * @param partitions the number of partitions of the topic
   * @param reroute whether misplaced records are rerouted
   */
  static Admission of(ReceivedRecord received, Reason malformed, int partitions, boolean reroute) {
    byte[] key = received.key();
    if (key == null || !Openid.isOne(key)) {
      return rejected(
          Reason.INVALID_OPENID,
          "The record key %s, and no openid is like that; publish each record under its openid, as plain text of letters, digits, _ and -."
              .formatted(Openid.flaw(key)));
    }
    boolean headersTooLarge = received.hasTooLargeHeaders();
    boolean tooLarge = headersTooLarge || isTooLarge(received.value());
    int partition = Partitioning.of(key, partitions);
    if (partition != received.source().partition()) {
      boolean tried = received.origin().reroutedFrom() != null;
      return reroute && !tried && !tooLarge
          ? new Misplaced(partition)
          : rejected(Reason.WRONG_PARTITION, whyNotRerouted(reroute, tried, partition));
    }
    if (headersTooLarge) {
      return rejected(
          malformed,
          "The headers are more than 100, or larger than 32 KiB together; publish fewer or smaller ones.");
    }
    return new Admitted(key);
  }

  private static boolean isTooLarge(byte @Nullable [] value) {
    return value != null && value.length > InputLimits.VALUE_BYTES;
  }

  private static Rejected rejected(Reason reason, String detail) {
    return new Rejected(new Cause(reason, detail, 0));
  }

  private static String whyNotRerouted(boolean reroute, boolean tried, int partition) {
    String why =
        !reroute
            ? "wxphone.reroute is off"
            : tried ? "sending it on was tried" : "it is too large to be sent on or replayed";
    return "The record belongs into partition "
        + partition
        + ", where Kafka's default partitioner (murmur2) puts its key, and "
        + why
        + "; set the backend's partitioner to murmur2, and replay a payload or publish a session key"
        + " again.";
  }
}
