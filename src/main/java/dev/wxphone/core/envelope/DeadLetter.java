package dev.wxphone.core.envelope;

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
 * A dead letter as it lies on its topic: what {@link OutgoingDeadLetter} wrote, read back.
 *
 * @param key as received
 * @param value as received; null where it was null or is withheld
 * @param headers those received; ours are in the other components
 * @param source the record that it answers
 * @param reroutedFrom the coordinates of the record in the wrong partition
 * @param replayedFrom the letter whose replay failed again
 * @param timestamp of the original record, milliseconds since 1970
 * @param attempt how often the payload has been tried, from 1
 * @param detail one sentence
 * @param failedAt by the processor's clock; null where unreadable
 * @param withheld the bytes of the value that was not copied; -1 where it was
 * @param appendedAt when the topic got it, by the broker's clock, milliseconds since 1970
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
    int withheld,
    long appendedAt) {

  /** The highest attempt that is told from none: what a payload may say of itself. */
  private static final int LAST_ATTEMPT = 1000;

  /** The letter in a record; null where the record is none that wxphone wrote. */
  public static @Nullable DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
    Headers all = record.headers();
    RecordCoordinates source = RecordCoordinates.parse(HeaderNames.text(all, HeaderNames.SOURCE));
    long timestamp = number(HeaderNames.text(all, HeaderNames.TIMESTAMP), Long.MAX_VALUE);
    long attempt = number(HeaderNames.text(all, HeaderNames.ATTEMPT), LAST_ATTEMPT);
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
        (int) number(HeaderNames.text(all, HeaderNames.WITHHELD), Integer.MAX_VALUE),
        record.timestamp());
  }

  /** Whether a payload can be made of it again: it was one, and its value is there. */
  public boolean isReplayable(String sessionKeyTopic) {
    return withheld < 0
        && reason != Reason.MALFORMED_SESSION_KEY
        && !source.topic().equals(sessionKeyTopic);
  }

  /**
   * The payload once more: key, value and headers as received. Its own timestamp is new, so that
   * retention does not take it; a header has the old one.
   *
   * @param now milliseconds since 1970
   */
  public ProducerRecord<byte[], byte[]> replayed(String topic, long now) {
    return new ProducerRecord<>(
        topic, null, Math.max(timestamp, now), key, value, OutgoingHeaders.ofReplayed(this));
  }

  /** The payload as the processor will see it, in the partition where its openid belongs. */
  public ReceivedRecord received(String topic, int partitions) {
    return new ReceivedRecord(
        key,
        value,
        headers,
        new RecordCoordinates(topic, key == null ? 0 : Partitioning.of(key, partitions), 0),
        new Provenance(timestamp, nextAttempt(), id.toString(), null));
  }

  /** What comes after the last one is the last one: else the count would begin anew. */
  int nextAttempt() {
    return Math.min(attempt + 1, LAST_ATTEMPT);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** A number from 0 to the most, -1 for all else. */
  private static long number(@Nullable String text, long most) {
    if (text == null || !text.matches("[0-9]{1,18}")) {
      return -1;
    }
    long number = Long.parseLong(text);
    return number <= most ? number : -1;
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
    return "Letter[" + id + ", " + reason + "]";
  }
}
