package dev.wxphone.stream.runtime;

import dev.wxphone.cli.ManifestVersion;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.metrics.KafkaReadings;
import dev.wxphone.stream.metrics.PrometheusMetrics;
import dev.wxphone.stream.metrics.StreamReadings;
import dev.wxphone.topics.Changelogs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;

/** How a stream is doing: its health and its metrics. */
final class StreamStatus {
  /** Kafka's, in milliseconds. */
  private static final int DEFAULT_MAX_POLL_INTERVAL_MS = 300_000;

  private final KafkaStreams streams;
  private final int threads;
  private final double maxPoll;
  private final BrokerWatch watch;
  private final RestoreListener restore;
  private final DoubleSupplier keysEndUnknown;
  private final AnswerCounts counts;
  private final PrometheusMetrics metrics;

  /**
   * Creates the status of a stream.
   *
   * @param threads how many stream threads it has while none is dead
   * @param keysEndUnknown for how many seconds the end of the session keys has not been known
   */
  StreamStatus(
      KafkaStreams streams,
      StreamsConfig config,
      int threads,
      TopicNames topics,
      BrokerWatch watch,
      RestoreListener restore,
      DoubleSupplier keysEndUnknown,
      AnswerCounts counts) {
    this.streams = streams;
    this.threads = threads;
    this.maxPoll = maxPollSeconds(config);
    this.watch = watch;
    this.restore = restore;
    this.keysEndUnknown = keysEndUnknown;
    this.counts = counts;
    this.metrics =
        new PrometheusMetrics(
            counts,
            topics,
            List.of(Changelogs.USERS, Changelogs.WAITING),
            ManifestVersion.version(),
            this::readings);
  }

  private static double maxPollSeconds(StreamsConfig config) {
    // With all prefixes that Kafka Streams knows, and Kafka's default.
    Object millis =
        config
            .getMainConsumerConfigs("", "", 0)
            .getOrDefault(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, DEFAULT_MAX_POLL_INTERVAL_MS);
    return Double.parseDouble(millis.toString().trim()) / 1000;
  }

  /** Returns the health now. */
  Health health() {
    return health(threadsByState(), KafkaReadings.secondsSinceLastPoll(streams.metrics()));
  }

  /** Returns all metrics in Prometheus' text format. */
  String metrics() {
    return metrics.text();
  }

  private Health health(Map<String, Integer> byState, double secondsSinceLastPoll) {
    return Health.of(
        streams.state(),
        new Health.Signs(
            threads - byState.getOrDefault(StreamReadings.DEAD, 0),
            maxPoll,
            secondsSinceLastPoll,
            keysEndUnknown.getAsDouble(),
            counts.overdueMillis(System.currentTimeMillis()) / 1e3,
            watch.contact(),
            restore.share()));
  }

  private StreamReadings readings() {
    Map<String, Integer> byState = threadsByState();
    KafkaReadings kafka = KafkaReadings.of(streams.metrics());
    BrokerWatch.Contact broker = watch.contact();
    return new StreamReadings(
        health(byState, kafka.secondsSinceLastPoll()).ready(),
        byState,
        broker.answers() ? 0 : broker.seconds(),
        restore.remaining(),
        kafka);
  }

  private Map<String, Integer> threadsByState() {
    Map<String, Integer> byState = new LinkedHashMap<>();
    StreamReadings.THREAD_STATES.forEach(state -> byState.put(state, 0));
    for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
      byState.merge(thread.threadState(), 1, Integer::sum);
    }
    // Kafka Streams does not show those.
    int alive = byState.values().stream().mapToInt(Integer::intValue).sum();
    byState.put(StreamReadings.DEAD, Math.max(0, threads - alive));
    return byState;
  }
}
