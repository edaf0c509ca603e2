package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Checks whether the clocks of brokers, publishers and processors agree. */
final class ClocksCheck {
  static final String CHECK = "clocks";

  /** Machines that follow NTP differ by less than a second, and no network delays for a minute. */
  private static final Duration MAX_MACHINE_SKEW = Duration.ofMinutes(1);

  /** As far as a click may precede WeChat's watermark. */
  private static final Duration MAX_PUBLISHER_SKEW = Duration.ofMinutes(5);

  private ClocksCheck() {}

  /**
   * Compares the clock of this machine with the broker's.
   *
   * @param ahead how far this machine's clock is ahead
   * @param uncertainty maximum error of that
   */
  static Finding ofBroker(Duration ahead, Duration uncertainty) {
    return ahead.abs().minus(uncertainty).compareTo(MAX_MACHINE_SKEW) <= 0
        ? new Fine(CHECK, "the broker's and this machine's agree")
        : new Wrong(
            CHECK,
            "this machine's clock is %s %s the broker's".formatted(Units.time(ahead), side(ahead)),
            "let both follow NTP; timedatectl tells which one does not");
  }

  /** Compares timestamps of payloads with this machine's clock. */
  static final class OfPublishers {
    private final String topic;
    private final Instant now;
    private long records;
    private long future;
    private long latest;
    private @Nullable RecordCoordinates furthest;

    OfPublishers(String topic, Instant now) {
      this.topic = topic;
      this.now = now;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
      records++;
      if (record.timestamp() > now.plus(MAX_PUBLISHER_SKEW).toEpochMilli()) {
        future++;
        if (record.timestamp() > latest) {
          latest = record.timestamp();
          furthest = new RecordCoordinates(record.topic(), record.partition(), record.offset());
        }
      }
    }

    Finding finding() {
      return furthest == null
          ? new Fine(CHECK, topic + ": no record lies in the future")
          : new Wrong(
              CHECK,
              "%s: %s of %s in the future, %s by %s"
                  .formatted(
                      topic,
                      Units.number(future),
                      Units.count(records, "record"),
                      furthest,
                      Units.time(Duration.between(now, Instant.ofEpochMilli(latest)))),
              "let the machines that publish there follow NTP; brokers refuse what is 1 h ahead");
    }
  }

  /** Compares the times at which processors wrote dead letters with the broker's timestamps. */
  static final class OfProcessors {
    private final String topic;
    private final Map<Integer, List<Long>> aheadByPartition = new TreeMap<>();

    OfProcessors(String topic) {
      this.topic = topic;
    }

    void add(ConsumerRecord<byte[], byte[]> letter) {
      Header failedAt = letter.headers().lastHeader(HeaderNames.FAILED_AT);
      if (failedAt == null
          || failedAt.value() == null
          || letter.timestampType() != TimestampType.LOG_APPEND_TIME) {
        return;
      }
      try {
        long written = Instant.parse(new String(failedAt.value(), UTF_8)).toEpochMilli();
        aheadByPartition
            .computeIfAbsent(letter.partition(), partition -> new ArrayList<>())
            .add(written - letter.timestamp());
      } catch (DateTimeException | ArithmeticException e) {
        // Not written by wxphone.
      }
    }

    Finding finding() {
      // One process writes a partition's letters. Retries may delay some of them but not most, so
      // the
      // median counts.
      Duration ahead = Duration.ZERO;
      int partition = 0;
      for (Map.Entry<Integer, List<Long>> entry : aheadByPartition.entrySet()) {
        List<Long> sorted = entry.getValue().stream().sorted().toList();
        Duration median = Duration.ofMillis(sorted.get(sorted.size() / 2));
        if (median.abs().compareTo(ahead.abs()) > 0) {
          ahead = median;
          partition = entry.getKey();
        }
      }
      if (ahead.abs().compareTo(MAX_MACHINE_SKEW) > 0) {
        return new Wrong(
            CHECK,
            "the processor that writes %s-%d has a clock %s %s the broker's"
                .formatted(topic, partition, Units.time(ahead), side(ahead)),
            "let the machines of wxphone run and of the brokers follow NTP");
      }
      return new Fine(
          CHECK,
          aheadByPartition.isEmpty()
              ? topic + ": no letters to tell the processors' clocks by"
              : "the processors' and the broker's agree");
    }
  }

  private static String side(Duration ahead) {
    return ahead.isNegative() ? "behind" : "ahead of";
  }
}
