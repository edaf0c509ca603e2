package dev.wxphone.stream.topology;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.ReceivedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether the join may look at a record: its key is an openid, it lies in the partition of that
 * openid, and it is of a size that can be stored and sent on. The same for both inputs.
 */
sealed interface Admission {

  /** The record may be judged by its content. */
  record Admitted(byte[] openid) implements Admission {}

  /** The record belongs into another partition of its own topic. */
  record Misplaced(int partition) implements Admission {}

  /** The record can't be joined. */
  record Rejected(Cause cause) implements Admission {}

  /**
   * Looks at one record.
   *
   * @param malformed the reason for what is too large
   * @param partitions of the topic
   * @param reroute whether a record in the wrong partition is to be sent on
   */
  static Admission of(ReceivedRecord received, Reason malformed, int partitions, boolean reroute) {
    byte[] key = received.key();
    if (key == null || !Openid.isOne(key)) {
      return rejected(
          Reason.INVALID_OPENID,
          "The record key is no openid (null, empty, over 512 bytes or not UTF-8); publish each"
              + " record under its openid.");
    }
    boolean headersTooLarge = received.headerBytes() > InputLimits.HEADER_BYTES;
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
          malformed, "The headers are larger than 32 KiB together; publish fewer or smaller ones.");
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
