package dev.wxphone.core.envelope;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Recovery;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter read from its topic, as {@link OutgoingDeadLetter} wrote it.
 *
 * @param key the key as received
 * @param value the value as received; null if it was null or is withheld
 * @param headers the headers as received; the reserved ones are in the other components
 * @param source the record that the letter answers
 * @param reroutedFrom the coordinates of the record in the wrong partition; null if not rerouted
 * @param replayedFrom the letter whose replay failed again; null if not replayed
 * @param timestamp the timestamp of the original record, as it states it: {@link ClickTime}
 * @param attempt how often the payload was tried, from 1
 * @param detail one sentence
 * @param failedAt when it failed, by the processor's clock; null if unreadable
 * @param errno WeChat's {@code errno} on the letter of a refusal; null if there was none
 * @param codeUntil until when the payload's {@code code} can be exchanged; null if it has none
 * @param withheld the size of the value in bytes if it was not copied; -1 if it was
 * @param appendedAt when it was appended, by the broker's clock, in milliseconds since 1970
 */
public record DeadLetter(
    DeadLetterId id,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    RecordCoordinates source,
    @Nullable String reroutedFrom,
    @Nullable DeadLetterId replayedFrom,
    long timestamp,
    int attempt,
    Reason reason,
    String detail,
    Recovery recovery,
    @Nullable Instant failedAt,
    int keysTried,
    @Nullable Integer errno,
    @Nullable Instant codeUntil,
    int withheld,
    long appendedAt) {

  /** The highest attempt that a payload's header may state. */
  private static final int MAX_ATTEMPT = 1000;

  /** Returns the letter in a record, or null if wxphone did not write the record. */
  public static @Nullable DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
    Headers all = record.headers();
    RecordCoordinates source = RecordCoordinates.parse(HeaderNames.text(all, HeaderNames.SOURCE));
    long timestamp = number(HeaderNames.text(all, HeaderNames.TIMESTAMP), Long.MAX_VALUE);
    long attempt = number(HeaderNames.text(all, HeaderNames.ATTEMPT), MAX_ATTEMPT);
    Reason reason = named(Reason.values(), HeaderNames.text(all, HeaderNames.REASON));
    if (source == null || timestamp < 0 || attempt < 1 || reason == null) {
      return null;
    }
    String stated = HeaderNames.text(all, HeaderNames.RECOVERY);
    return new DeadLetter(
        new DeadLetterId(record.partition(), record.offset()),
        record.key(),
        record.value(),
        OutgoingHeaders.passing(all).headers(),
        source,
        HeaderNames.text(all, HeaderNames.REROUTED_FROM),
        DeadLetterId.parse(HeaderNames.text(all, HeaderNames.REPLAYED_FROM)),
        timestamp,
        (int) attempt,
        reason,
        orEmpty(HeaderNames.text(all, HeaderNames.DETAIL)),
        Arrays.stream(Recovery.values())
            .filter(recovery -> recovery.text().equals(stated))
            .findFirst()
            .orElse(reason.recovery()),
        instant(HeaderNames.text(all, HeaderNames.FAILED_AT)),
        (int) Math.max(0, number(HeaderNames.text(all, HeaderNames.KEYS_TRIED), Integer.MAX_VALUE)),
        errno(HeaderNames.text(all, HeaderNames.ERRNO)),
        instant(HeaderNames.text(all, HeaderNames.CODE_UNTIL)),
        (int) number(HeaderNames.text(all, HeaderNames.WITHHELD), Integer.MAX_VALUE),
        record.timestamp());
  }

  /** Returns the time of the click. */
  public Instant clickedAt() {
    return Instant.ofEpochMilli(ClickTime.of(timestamp, appendedAt).millis());
  }

  /** Returns whether this is the letter of a payload, with its value. */
  public boolean isReplayable(String sessionKeyTopic) {
    return withheld < 0
        && reason != Reason.MALFORMED_SESSION_KEY
        && !source.topic().equals(sessionKeyTopic);
  }

  /**
   * Returns the payload to be published again: key, value and headers as received. Its timestamp is
   * the current time, or retention might delete it; a header has the original one.
   *
   * @param now milliseconds since 1970
   */
  public ProducerRecord<byte[], byte[]> replayed(String topic, long now) {
    return new ProducerRecord<>(
        topic, null, Math.max(timestamp, now), key, value, OutgoingHeaders.ofReplayed(this));
  }

  /**
   * Returns the payload as the processor would receive it after a replay.
   *
   * @param partitions the number of partitions of the topic
   */
  public ReceivedRecord received(String topic, int partitions) {
    return new ReceivedRecord(
        key,
        value,
        headers,
        new RecordCoordinates(topic, key == null ? 0 : Partitioning.of(key, partitions), 0),
        new Provenance(timestamp, nextAttempt(), id.toString(), null));
  }

  /** Returns the attempt of a replay. Beyond the maximum a header would count as absent. */
  int nextAttempt() {
    return Math.min(attempt + 1, MAX_ATTEMPT);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Returns the number from 0 to {@code max} in a text, or -1 if there is none. */
  private static long number(@Nullable String text, long max) {
    if (text == null || !text.matches("[0-9]{1,18}")) {
      return -1;
    }
    long number = Long.parseLong(text);
    return number <= max ? number : -1;
  }

  private static @Nullable Integer errno(@Nullable String text) {
    try {
      return text == null ? null : Integer.valueOf(text);
    } catch (NumberFormatException notOurs) {
      return null;
    }
  }

  private static @Nullable Reason named(Reason[] reasons, @Nullable String name) {
    return Arrays.stream(reasons)
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException notOurs) {
      return null;
    }
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "DeadLetter[" + id + ", " + reason + "]";
  }
}
