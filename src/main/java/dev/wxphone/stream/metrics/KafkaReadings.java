package dev.wxphone.stream.metrics;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** Those of Kafka Streams' 1,300 metrics that are worth an alert or a graph, read in one pass. */
public final class KafkaReadings {
  private static final String LAST_POLL = "last-poll-seconds-ago";

  /** Kafka names the tag of a store for its kind. */
  private static final String STORE = "rocksdb-state-id";

  private final Map<String, Double> lags = new HashMap<>();
  private final Map<String, Double> storeBytes = new HashMap<>();
  private final Map<String, Double> storeKeys = new HashMap<>();
  private double failedThreads;
  private double rebalances;
  private double lastPoll = Double.NaN;

  private KafkaReadings() {}

  /**
   * Reads the metrics.
   *
   * @param kafka the metrics of Kafka Streams and its clients
   */
  public static KafkaReadings of(Map<MetricName, ? extends Metric> kafka) {
    KafkaReadings readings = new KafkaReadings();
    for (Metric metric : kafka.values()) {
      readings.read(metric);
    }
    return readings;
  }

  private void read(Metric metric) {
    MetricName name = metric.metricName();
    switch (name.name()) {
      case "records-lag" -> add(lags, name.tags().get("topic"), metric);
      case "total-sst-files-size", "size-all-mem-tables" ->
          add(storeBytes, name.tags().get(STORE), metric);
      case "estimate-num-keys" -> add(storeKeys, name.tags().get(STORE), metric);
      case "failed-stream-threads" -> failedThreads = Math.max(failedThreads, number(metric));
      // Each thread takes part in each.
      case "rebalance-total" -> rebalances = Math.max(rebalances, number(metric));
      case LAST_POLL -> lastPoll = longest(lastPoll, metric);
      default -> {}
    }
  }

  private static void add(Map<String, Double> sums, @Nullable String tag, Metric metric) {
    if (tag != null) {
      sums.merge(tag, number(metric), Double::sum);
    }
  }

  /**
   * Returns for how many seconds the slowest thread has not polled; NaN if none has polled yet. It
   * reads nothing else: state stores take time to say how large they are.
   *
   * @param kafka the metrics of Kafka Streams and its clients
   */
  public static double secondsSinceLastPoll(Map<MetricName, ? extends Metric> kafka) {
    double longest = Double.NaN;
    for (Metric metric : kafka.values()) {
      if (metric.metricName().name().equals(LAST_POLL)) {
        longest = longest(longest, metric);
      }
    }
    return longest;
  }

  /** Returns the longer time since a poll, of main consumers alone; NaN if there is none. */
  private static double longest(double longest, Metric lastPoll) {
    boolean ofMainConsumer =
        !String.valueOf(lastPoll.metricName().tags().get("client-id")).contains("restore");
    // It is negative before the first poll.
    if (!ofMainConsumer
        || !(lastPoll.metricValue() instanceof Number value)
        || value.doubleValue() < 0) {
      return longest;
    }
    return Double.isNaN(longest) ? value.doubleValue() : Math.max(longest, value.doubleValue());
  }

  /** Returns the number; 0 if there is none, as before the first measurement. */
  private static double number(Metric metric) {
    double value =
        metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    return Double.isNaN(value) ? 0 : value;
  }

  /** Returns how many records of a topic's partitions are still to be read. */
  double lag(String topic) {
    // Kafka's older clients write the topic's dots as underscores, and newer ones both.
    Double lag = lags.get(topic);
    return lag == null ? lags.getOrDefault(topic.replace('.', '_'), 0.0) : lag;
  }

  /** Returns how many bytes a store takes on disk and in memory tables. */
  double storeBytes(String store) {
    return storeBytes.getOrDefault(store, 0.0);
  }

  /** Returns about how many entries a store has. */
  double storeKeys(String store) {
    return storeKeys.getOrDefault(store, 0.0);
  }

  /** Returns how many stream threads have died. */
  double failedThreads() {
    return failedThreads;
  }

  /** Returns in how many rebalances this process took part. */
  double rebalances() {
    return rebalances;
  }

  /** Returns for how many seconds the slowest thread has not polled; NaN if none has polled yet. */
  public double secondsSinceLastPoll() {
    return lastPoll;
  }
}
