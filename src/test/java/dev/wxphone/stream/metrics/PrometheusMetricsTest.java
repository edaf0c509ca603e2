package dev.wxphone.stream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.stream.metrics.AnswerCounts.SessionKeyChange;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {
  private final AnswerCounts counts = new AnswerCounts();
  private final Metrics kafka = new Metrics();
  private final PrometheusMetrics metrics =
      MetricsPage.metrics(counts, () -> MetricsPage.readings(kafka.metrics()));

  @AfterEach
  void close() {
    kafka.close();
  }

  private MetricsPage page() {
    return new MetricsPage(metrics.text());
  }

  private void measured(String group, String name, Map<String, String> tags, Object value) {
    kafka.addMetric(new MetricName(name, group, "", tags), (Gauge<Object>) (config, now) -> value);
  }

  @Test
  void every_constant_is_there_from_the_start() {
    MetricsPage page = page();
    for (Reason reason : Reason.values()) {
      assertThat(page.value("wxphone_dead_letters_total{reason=\"" + reason + "\"}")).isZero();
    }
    assertThat(page.value("wxphone_recovered_total{cause=\"older-key\"}")).isZero();
    assertThat(page.value("wxphone_refusals_total{errno=\"1400001\"}")).isZero();
    assertThat(page.value("wxphone_build_info{version=\"1.2.3\"}")).isOne();
    assertThat(page.value("wxphone_answer_latency_seconds_count")).isZero();
    assertThat(page.value("wxphone_commit_duration_seconds_sum")).isZero();
  }

  @Test
  void what_is_counted_shows_at_the_next_scrape() {
    counts.countPayload(5_000);
    counts.countSessionKey();
    counts.countSessionKeyChange(SessionKeyChange.FORGOTTEN, 6_000);
    counts.countRefusal(RefusalErrno.of("112"));
    counts.countRefusal(RefusalErrno.of("666"));
    counts.countRefusal(RefusalErrno.of(null));
    counts.countRerouted(TopicRole.SESSION_KEY);
    counts.addRestored(9);
    MetricsPage page = page();
    assertThat(page.value("wxphone_records_total{topic=\"phone-payload\"}")).isOne();
    assertThat(page.value("wxphone_records_total{topic=\"session-key\"}")).isOne();
    assertThat(page.value("wxphone_session_keys_total{event=\"forgotten\"}")).isOne();
    assertThat(page.value("wxphone_session_keys_total{event=\"login\"}")).isZero();
    assertThat(page.value("wxphone_refusals_total{errno=\"112\"}")).isOne();
    assertThat(page.value("wxphone_refusals_total{errno=\"other\"}")).isOne();
    assertThat(page.value("wxphone_refusals_total{errno=\"none\"}")).isOne();
    assertThat(page.value("wxphone_rerouted_total{topic=\"session-key\"}")).isOne();
    assertThat(page.value("wxphone_rerouted_total{topic=\"phone-payload\"}")).isZero();
    assertThat(page.value("wxphone_restored_records_total")).isEqualTo(9);
    assertThat(page.value("wxphone_last_click_timestamp_seconds")).isEqualTo(5);
  }

  @Test
  void the_stream_shows_as_it_is_now() {
    MetricsPage page = page();
    assertThat(page.value("wxphone_ready")).isOne();
    assertThat(page.value("wxphone_threads{state=\"running\"}")).isEqualTo(2);
    assertThat(page.value("wxphone_threads{state=\"dead\"}")).isZero();
    assertThat(page.value("wxphone_broker_away_seconds")).isEqualTo(12.5);
    assertThat(page.value("wxphone_restore_remaining_records")).isEqualTo(77);
  }

  @Test
  void the_lag_of_all_partitions_counts_under_the_default_name_of_their_topic() {
    String group = "consumer-fetch-manager-metrics";
    measured(group, "records-lag", Map.of("topic", "session-key", "partition", "0"), 3.0);
    measured(group, "records-lag", Map.of("topic", "session-key", "partition", "1"), 4.0);
    measured(group, "records-lag", Map.of("topic", "session-key", "partition", "2"), Double.NaN);
    // Both names of one partition.
    measured(group, "records-lag", Map.of("topic", "my.clicks", "partition", "0"), 5.0);
    measured(group, "records-lag", Map.of("topic", "my_clicks", "partition", "0"), 5.0);
    measured(group, "records-lag-max", Map.of(), 100.0);
    assertThat(page().value("wxphone_lag_records{topic=\"session-key\"}")).isEqualTo(7);
    assertThat(page().value("wxphone_lag_records{topic=\"phone-payload\"}")).isEqualTo(5);
  }

  @Test
  void the_lag_is_found_under_the_older_name_alone() {
    String group = "consumer-fetch-manager-metrics";
    measured(group, "records-lag", Map.of("topic", "my_clicks", "partition", "0"), 5.0);
    assertThat(page().value("wxphone_lag_records{topic=\"phone-payload\"}")).isEqualTo(5);
    assertThat(page().value("wxphone_lag_records{topic=\"session-key\"}")).isZero();
  }

  @Test
  void stores_are_sums_of_their_partitions() {
    String group = "stream-state-metrics";
    for (String task : new String[] {"0_0", "0_1"}) {
      Map<String, String> tags = Map.of("task-id", task, "rocksdb-state-id", "users");
      measured(group, "total-sst-files-size", tags, 1_000.0);
      measured(group, "size-all-mem-tables", tags, 20.0);
      measured(group, "estimate-num-keys", tags, 3.0);
    }
    assertThat(page().value("wxphone_store_bytes{store=\"users\"}")).isEqualTo(2_040);
    assertThat(page().value("wxphone_store_keys{store=\"users\"}")).isEqualTo(6);
    assertThat(page().value("wxphone_store_keys{store=\"waiting\"}")).isZero();
  }

  @Test
  void the_slowest_thread_that_has_polled_counts_and_no_restoring_consumer() {
    String name = "last-poll-seconds-ago";
    assertThat(page().value("wxphone_poll_age_seconds")).isZero();
    measured("consumer-metrics", name, Map.of("client-id", "a-StreamThread-1-consumer"), 2);
    measured("consumer-metrics", name, Map.of("client-id", "a-StreamThread-2-consumer"), 8);
    measured("consumer-metrics", name, Map.of("client-id", "a-StreamThread-3-consumer"), -1);
    measured(
        "consumer-metrics", name, Map.of("client-id", "a-StreamThread-1-restore-consumer"), 99);
    assertThat(page().value("wxphone_poll_age_seconds")).isEqualTo(8);
  }

  @Test
  void each_thread_takes_part_in_the_same_rebalances() {
    String group = "consumer-coordinator-metrics";
    measured(group, "rebalance-total", Map.of("client-id", "1"), 3.0);
    measured(group, "rebalance-total", Map.of("client-id", "2"), 4.0);
    measured("stream-metrics", "failed-stream-threads", Map.of(), 2L);
    assertThat(page().value("wxphone_rebalances_total")).isEqualTo(4);
    assertThat(page().value("wxphone_failed_threads_total")).isEqualTo(2);
  }

  /** A run that starts its stream again counts on. */
  @Test
  void two_streams_of_one_process_show_the_same_counts() {
    counts.commitTimes().answered(System.currentTimeMillis());
    counts.commitTimes().committed(System.currentTimeMillis());
    PrometheusMetrics next = MetricsPage.metrics(counts, () -> MetricsPage.readings(Map.of()));
    counts.countPayload(1);
    for (PrometheusMetrics one : new PrometheusMetrics[] {metrics, next}) {
      MetricsPage page = new MetricsPage(one.text());
      assertThat(page.value("wxphone_records_total{topic=\"phone-payload\"}")).isOne();
      assertThat(page.value("wxphone_answer_latency_seconds_count")).isOne();
    }
  }
}
