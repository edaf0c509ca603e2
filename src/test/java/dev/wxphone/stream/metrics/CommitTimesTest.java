package dev.wxphone.stream.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CommitTimesTest {
  private static final long NOW = 1_000_000_000;

  private final AnswerCounts counts = new AnswerCounts();
  private final CommitTimes times = counts.commitTimes();
  private final PrometheusMetrics metrics =
      MetricsPage.metrics(counts, () -> MetricsPage.readings(Map.of()));

  private double value(String series) {
    return new MetricsPage(metrics.text()).value(series);
  }

  @Test
  void an_answer_takes_until_its_commit() {
    times.answered(NOW - 3_000);
    assertThat(times.isAnyUncommitted()).isTrue();
    assertThat(value("wxphone_answer_latency_seconds_count")).isZero();
    times.committed(NOW + 1_000);
    assertThat(times.isAnyUncommitted()).isFalse();
    assertThat(value("wxphone_answer_latency_seconds_count")).isOne();
    assertThat(value("wxphone_answer_latency_seconds_sum")).isEqualTo(4);
    assertThat(value("wxphone_answer_latency_seconds_bucket{le=\"2.5\"}")).isZero();
    assertThat(value("wxphone_answer_latency_seconds_bucket{le=\"5.0\"}")).isOne();
    assertThat(value("wxphone_answer_latency_seconds_bucket{le=\"+Inf\"}")).isOne();
  }

  @Test
  void what_is_aborted_does_not_count() {
    times.answered(NOW);
    times.spent(5_000_000_000L);
    times.aborted();
    times.committed(NOW);
    assertThat(value("wxphone_answer_latency_seconds_count")).isZero();
    assertThat(value("wxphone_commit_duration_seconds_sum")).isZero();
  }

  @Test
  void the_parts_of_a_commit_are_one() {
    times.spent(1_000_000);
    times.spent(2_000_000);
    times.committed(NOW);
    times.spent(4_000_000);
    times.committed(NOW);
    assertThat(value("wxphone_commit_duration_seconds_count")).isEqualTo(2);
    assertThat(value("wxphone_commit_duration_seconds_sum")).isCloseTo(0.007, within(1e-9));
  }

  @Test
  void a_publishers_clock_that_is_ahead_makes_no_negative_time() {
    times.answered(NOW + 60_000);
    times.committed(NOW);
    assertThat(value("wxphone_answer_latency_seconds_sum")).isZero();
    assertThat(value("wxphone_answer_latency_seconds_bucket{le=\"0.05\"}")).isOne();
  }

  @Test
  void a_transaction_may_have_any_number_of_answers() {
    for (int i = 0; i < 5_000; i++) {
      times.answered(NOW - i);
    }
    times.committed(NOW);
    assertThat(value("wxphone_answer_latency_seconds_count")).isEqualTo(5_000);
    assertThat(value("wxphone_answer_latency_seconds_sum"))
        .isCloseTo(4_999 * 5_000 / 2 / 1e3, within(1e-6));
  }

  @Test
  void a_thread_commits_its_own_answers_alone() throws InterruptedException {
    Thread other = new Thread(() -> times.answered(NOW));
    other.start();
    other.join();
    times.committed(NOW);
    assertThat(value("wxphone_answer_latency_seconds_count")).isZero();
  }
}
