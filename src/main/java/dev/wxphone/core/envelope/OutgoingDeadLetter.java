package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.Payload;
import dev.wxphone.core.codec.PayloadReader;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter to be written: the received bytes, untouched, and the reason in headers, under our
 * names and those of Kafka Streams' dead letters (KIP-1034), without the latter's exceptions.
 *
 * @param key the key as received; null if it was too large to copy
 * @param value the value as received; null if it is withheld
 */
public record OutgoingDeadLetter(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {

  /** The size of a record batch that the topic accepts: its {@code max.message.bytes}. */
  public static final int MAX_BYTES = 2 * 1024 * 1024;

  /** How long WeChat takes a code after the click. */
  private static final Duration CODE_LIFE = Duration.ofMinutes(5);

  private static final Set<Reason> REFUSALS =
      EnumSet.of(Reason.USER_DENIED, Reason.PHONE_NOT_BOUND, Reason.WECHAT_REFUSED);

  /** Bytes that the added headers and the batch take at most. */
  private static final int OVERHEAD = 16 * 1024;

  /**
   * Why there is no profile.
   *
   * @param detail one sentence for an operator
   * @param keysTried how many session keys were tried
   */
  public record Cause(Reason reason, String detail, int keysTried) {}

  /** Returns whether WeChat or the user refused; a letter of such a reason has the errno. */
  public static boolean isRefusal(Reason reason) {
    return REFUSALS.contains(reason);
  }

  /** Returns the letter of a payload. */
  public static OutgoingDeadLetter ofPayload(
      ReceivedRecord received, Cause cause, Instant failedAt) {
    Payload.Extras extras = PayloadReader.extras(received.value());
    OutgoingDeadLetter letter =
        write(
            received,
            cause,
            failedAt,
            received.value(),
            RecordSizes.of(received.value()),
            cause.reason().recovery());
    if (extras.errno() != null && isRefusal(cause.reason())) {
      letter.headers.add(HeaderNames.ERRNO, extras.errno().toString().getBytes(UTF_8));
    }
    Instant codeUntil = codeUntil(received, failedAt);
    if (extras.hasCode() && codeUntil.isAfter(failedAt)) {
      letter.headers.add(HeaderNames.CODE_UNTIL, codeUntil.toString().getBytes(UTF_8));
    }
    return letter;
  }

  /** Returns until when WeChat takes the code; no click was later than its letter. */
  private static Instant codeUntil(ReceivedRecord received, Instant failedAt) {
    long now = failedAt.toEpochMilli();
    long clicked = ClickTime.of(received.origin().timestamp(), now).millis();
    return Instant.ofEpochMilli(Math.min(clicked, now)).plus(CODE_LIFE);
  }

  /**
   * Returns the letter of a record of {@code session-key}. Its value is withheld, since it may hold
   * a valid key.
   */
  public static OutgoingDeadLetter ofSessionKey(
      ReceivedRecord received, Cause cause, Instant failedAt) {
    return write(received, cause, failedAt, null, RecordSizes.of(received.value()), Recovery.NEVER);
  }

  /**
   * Returns the letter of a record whose value was never in memory, and is withheld.
   *
   * @param received the record without its value
   * @param valueBytes size of its value
   */
  public static OutgoingDeadLetter ofUnread(
      ReceivedRecord received, int valueBytes, Cause cause, Instant failedAt) {
    return write(received, cause, failedAt, null, valueBytes, Recovery.NEVER);
  }

  /**
   * Writes the letter without what does not fit: one that is too large for its topic would stop the
   * stream on every restart.
   *
   * @param valueBytes size of the received value; 0 if it is null or empty
   */
  private static OutgoingDeadLetter write(
      ReceivedRecord received,
      Cause cause,
      Instant failedAt,
      byte @Nullable [] copied,
      int valueBytes,
      Recovery recovery) {
    OutgoingHeaders headers = OutgoingHeaders.passing(received.headers());
    byte[] key = received.key();
    byte[] value = copied;
    String detail = cause.detail();
    if (!fits(key, value, headers)) {
      value = null;
    }
    if (!fits(key, value, headers)) {
      detail = received.headers().toArray().length == 0 ? detail : withoutPart(detail, "headers");
      headers = OutgoingHeaders.none();
    }
    if (!fits(key, value, headers)) {
      key = null;
      detail = withoutPart(detail, "key");
    }
    boolean withheld = value == null && (received.value() != null || valueBytes > 0);
    RecordCoordinates source = received.source();
    headers
        .with(HeaderNames.SOURCE, source.toString())
        .withProvenance(received.origin())
        .with(HeaderNames.TIMESTAMP, Long.toString(received.origin().timestamp()))
        .with(HeaderNames.ATTEMPT, Integer.toString(received.origin().attempt()))
        .with(HeaderNames.REASON, cause.reason().name())
        .with(HeaderNames.DETAIL, detail)
        .with(HeaderNames.RECOVERY, (withheld ? Recovery.NEVER : recovery).text())
        .with(HeaderNames.FAILED_AT, failedAt.toString())
        .with(HeaderNames.KEYS_TRIED, Integer.toString(cause.keysTried()))
        .withPresent(HeaderNames.WITHHELD, withheld ? Integer.toString(valueBytes) : null)
        .with(HeaderNames.STREAMS_TOPIC, source.topic())
        .with(HeaderNames.STREAMS_PARTITION, Integer.toString(source.partition()))
        .with(HeaderNames.STREAMS_OFFSET, Long.toString(source.offset()))
        .with(HeaderNames.STREAMS_MESSAGE, detail);
    return new OutgoingDeadLetter(key, value, headers.headers());
  }

  /** Returns the detail with a clause more, still as one sentence. */
  private static String withoutPart(String detail, String part) {
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
    return "OutgoingDeadLetter[****]";
  }
}
