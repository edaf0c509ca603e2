package dev.wxphone.core.envelope;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Recovery;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter: the received bytes, untouched, and in its headers all that is known of them. The
 * names of Kafka Streams' own dead letters (KIP-1034) are there too, without its exceptions.
 *
 * @param key as received; null where it was too large to copy
 * @param value as received; null where it is withheld
 */
public record OutgoingDeadLetter(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {

  /** What the topic takes: {@code max.message.bytes} of {@code dead-letter}. */
  public static final int MAX_BYTES = 2 * 1024 * 1024;

  /** For the headers that are written anew and the batch around them, generously. */
  private static final int OVERHEAD = 16 * 1024;

  /** Why there is no profile. */
  public record Cause(Reason reason, String detail, int keysTried) {}

  /** The letter of a payload. */
  public static OutgoingDeadLetter ofPayload(
      ReceivedRecord received, Cause cause, Instant failedAt) {
    return write(received, cause, failedAt, received.value(), cause.reason().recovery());
  }

  /** The letter of a session key: it would hold a live key, so its value is always withheld. */
  public static OutgoingDeadLetter ofSessionKey(
      ReceivedRecord received, Cause cause, Instant failedAt) {
    return write(received, cause, failedAt, null, Recovery.NEVER);
  }

  /** A letter too large for its topic would stop the stream for ever, so it is cut before. */
  private static OutgoingDeadLetter write(
      ReceivedRecord received,
      Cause cause,
      Instant failedAt,
      byte @Nullable [] copied,
      Recovery recovery) {
    OutgoingHeaders headers = OutgoingHeaders.passing(received.headers());
    byte[] key = received.key();
    byte[] value = copied;
    String detail = cause.detail();
    if (!fits(key, value, headers)) {
      value = null;
    }
    if (!fits(key, value, headers)) {
      detail = received.headers().toArray().length == 0 ? detail : but(detail, "headers");
      headers = OutgoingHeaders.none();
    }
    if (!fits(key, value, headers)) {
      key = null;
      detail = but(detail, "key");
    }
    boolean withheld = value == null && received.value() != null;
    RecordCoordinates source = received.source();
    headers
        .with(HeaderNames.SOURCE, source.toString())
        .withPast(received.origin())
        .with(HeaderNames.TIMESTAMP, Long.toString(received.origin().timestamp()))
        .with(HeaderNames.ATTEMPT, Integer.toString(received.origin().attempt()))
        .with(HeaderNames.REASON, cause.reason().name())
        .with(HeaderNames.DETAIL, detail)
        .with(HeaderNames.RECOVERY, (withheld ? Recovery.NEVER : recovery).text())
        .with(HeaderNames.FAILED_AT, failedAt.toString())
        .with(HeaderNames.KEYS_TRIED, Integer.toString(cause.keysTried()))
        .withPresent(
            HeaderNames.WITHHELD,
            withheld ? Integer.toString(RecordSizes.of(received.value())) : null)
        .with(HeaderNames.STREAMS_TOPIC, source.topic())
        .with(HeaderNames.STREAMS_PARTITION, Integer.toString(source.partition()))
        .with(HeaderNames.STREAMS_OFFSET, Long.toString(source.offset()))
        .with(HeaderNames.STREAMS_MESSAGE, detail);
    return new OutgoingDeadLetter(key, value, headers.headers());
  }

  /** Still one sentence. */
  private static String but(String detail, String part) {
    return detail.substring(0, detail.length() - 1) + "; its " + part + " could not be copied.";
  }

  private static boolean fits(
      byte @Nullable [] key, byte @Nullable [] value, OutgoingHeaders headers) {
    return RecordSizes.of(key)
            + (long) RecordSizes.of(value)
            + RecordSizes.ofHeadersInBatch(headers.headers())
        <= MAX_BYTES - OVERHEAD;
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "DeadLetter[****]";
  }
}
