package dev.wxphone.stream.metrics;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Writes the metrics in Prometheus' text format: our own, and those of Kafka Streams' 1,300 that
 * are worth an alert or a graph.
 */
public final class MetricsText {
  /**
   * A metric of Kafka's.
   *
   * @param name its name here
   * @param group its group in Kafka
   * @param metric its name in Kafka
   * @param merge combines the values of all threads, tasks and stores
   */
  private record KafkaMetric(
      String name, String help, String group, String metric, DoubleBinaryOperator merge) {}

  private static final String POLL_METRIC = "last-poll-seconds-ago";

  private static final List<KafkaMetric> KAFKA_METRICS =
      List.of(
          new KafkaMetric(
              "wxphone_lag_records",
              "Records of an input partition still to be read, the maximum of all partitions.",
              "consumer-fetch-manager-metrics",
              "records-lag-max",
              Math::max),
          new KafkaMetric(
              "wxphone_last_poll_seconds",
              "Seconds since the last poll, the longest of all threads.",
              "consumer-metrics",
              POLL_METRIC,
              Math::max),
          new KafkaMetric(
              "wxphone_records_per_second",
              "Records processed, both inputs together.",
              "stream-thread-metrics",
              "process-rate",
              Double::sum),
          new KafkaMetric(
              "wxphone_commits_per_second",
              "Transactions committed.",
              "stream-thread-metrics",
              "commit-rate",
              Double::sum),
          new KafkaMetric(
              "wxphone_commit_latency_ms",
              "Average time of a commit, the longest of all threads.",
              "stream-thread-metrics",
              "commit-latency-avg",
              Math::max),
          new KafkaMetric(
              "wxphone_punctuate_latency_ms",
              "Average time of a punctuation, which answers due payloads, the longest of all threads.",
              "stream-thread-metrics",
              "punctuate-latency-avg",
              Math::max),
          new KafkaMetric(
              "wxphone_failed_threads",
              "Stream threads that died since the start.",
              "stream-metrics",
              "failed-stream-threads",
              Math::max),
          new KafkaMetric(
              "wxphone_threads",
              "Stream threads alive.",
              "stream-metrics",
              "alive-stream-threads",
              Math::max),
          new KafkaMetric(
              "wxphone_rebalances_total",
              "Rebalances that this process took part in.",
              "consumer-coordinator-metrics",
              "rebalance-total",
              Math::max));

  private MetricsText() {}

  /**
   * Returns the text.
   *
   * @param kafka the metrics of Kafka Streams and its clients
   */
  public static String of(AnswerCounts counts, Map<MetricName, ? extends Metric> kafka) {
    StringBuilder text = new StringBuilder();
    head(text, "wxphone_profiles_total", "counter", "Profiles published.");
    line(text, "wxphone_profiles_total", counts.profiles());
    head(text, "wxphone_dead_letters_total", "counter", "Dead letters published, by reason.");
    for (Reason reason : Reason.values()) {
      line(
          text,
          "wxphone_dead_letters_total{reason=\"" + reason + "\"}",
          counts.deadLetters(reason));
    }
    head(
        text,
        "wxphone_recovered_total",
        "counter",
        "Profiles that a join with the newest key would have missed, by how.");
    for (Recovered how : Recovered.values()) {
      String label = how.name().toLowerCase(Locale.ROOT).replace('_', '-');
      line(text, "wxphone_recovered_total{how=\"" + label + "\"}", counts.recovered(how));
    }
    head(text, "wxphone_rerouted_total", "counter", "Records rerouted to their right partition.");
    line(text, "wxphone_rerouted_total", counts.reroutedRecords());
    head(text, "wxphone_idle_users_total", "counter", "Users dropped since they were idle.");
    line(text, "wxphone_idle_users_total", counts.idleUsers());
    head(
        text,
        "wxphone_deleted_unread_records_total",
        "counter",
        "Records of the inputs that retention or a purge deleted unread, at most.");
    line(text, "wxphone_deleted_unread_records_total", counts.deletedUnread());
    head(text, "wxphone_waiting", "gauge", "Payloads that wait for their session key.");
    line(text, "wxphone_waiting", counts.waitingPayloads());
    head(
        text,
        "wxphone_waiting_overdue_seconds",
        "gauge",
        "Seconds since the earliest deadline of a waiting payload, 0 if none has passed.");
    line(
        text,
        "wxphone_waiting_overdue_seconds",
        counts.overdueMillis(System.currentTimeMillis()) / 1000.0);
    for (KafkaMetric metric : KAFKA_METRICS) {
      double value = value(metric, kafka);
      if (!Double.isNaN(value)) {
        head(
            text,
            metric.name(),
            metric.name().endsWith("_total") ? "counter" : "gauge",
            metric.help());
        line(text, metric.name(), value);
      }
    }
    return text.toString();
  }

  /**
   * Returns for how many seconds the slowest thread has not polled; NaN if none has polled yet.
   *
   * @param kafka the metrics of Kafka Streams and its clients
   */
  public static double secondsSinceLastPoll(Map<MetricName, ? extends Metric> kafka) {
    double longest = Double.NaN;
    for (Metric metric : kafka.values()) {
      boolean ofMainConsumer =
          metric.metricName().name().equals(POLL_METRIC)
              && !String.valueOf(metric.metricName().tags().get("client-id")).contains("restore");
      if (ofMainConsumer && number(metric) >= 0) {
        longest = Double.isNaN(longest) ? number(metric) : Math.max(longest, number(metric));
      }
    }
    return longest;
  }

  private static double value(KafkaMetric wanted, Map<MetricName, ? extends Metric> kafka) {
    if (wanted.metric().equals(POLL_METRIC)) {
      return secondsSinceLastPoll(kafka);
    }
    List<Double> values = new ArrayList<>();
    for (Metric metric : kafka.values()) {
      MetricName name = metric.metricName();
      if (name.name().equals(wanted.metric()) && name.group().equals(wanted.group())) {
        double value = number(metric);
        if (!Double.isNaN(value)) {
          values.add(value);
        }
      }
    }
    return values.stream().reduce(wanted.merge()::applyAsDouble).orElse(Double.NaN);
  }

  private static double number(Metric metric) {
    return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String series, long value) {
    text.append(series).append(' ').append(value).append('\n');
  }

  private static void line(StringBuilder text, String series, double value) {
    text.append(series).append(' ').append(value).append('\n');
  }
}
