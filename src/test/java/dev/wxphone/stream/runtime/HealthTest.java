package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.stream.runtime.Health.Signs;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
  @ParameterizedTest
  @CsvSource({
    "CREATED, NaN, 9999, true, false, 'CREATED'",
    "REBALANCING, NaN, 9999, true, false, 'REBALANCING'",
    "REBALANCING, 0, 9999, true, false, 'REBALANCING'",
    "RUNNING, 0, 9999, true, true, 'RUNNING'",
    "RUNNING, 60, 9999, true, true, 'RUNNING'",
    "RUNNING, 61, 9999, true, false, 'RUNNING, no progress for 61 s'",
    "RUNNING, 300, 9999, true, false, 'RUNNING, no progress for 300 s'",
    "RUNNING, 301, 9999, false, false, 'RUNNING, no progress for 301 s'",
    "REBALANCING, 301, 9999, false, false, 'REBALANCING, no progress for 301 s'",
    "PENDING_SHUTDOWN, 0, 9999, false, false, 'PENDING_SHUTDOWN'",
    "NOT_RUNNING, 0, 9999, false, false, 'NOT_RUNNING'",
    "PENDING_ERROR, 0, 9999, false, false, 'PENDING_ERROR'",
    "ERROR, 0, 9999, false, false, 'ERROR'",
    "RUNNING, 0, NaN, true, false, 'RUNNING, no broker answers'",
    "RUNNING, 61, NaN, true, false, 'RUNNING, no broker answers'",
    "RUNNING, 3600, NaN, true, false, 'RUNNING, no broker answers'",
    "RUNNING, 3600, 0, true, true, 'RUNNING'",
    "RUNNING, 3600, 60, true, true, 'RUNNING'",
    "RUNNING, 3600, 61, true, false, 'RUNNING, no progress for 61 s'",
    "RUNNING, 3600, 300, true, false, 'RUNNING, no progress for 300 s'",
    "RUNNING, 3600, 301, false, false, 'RUNNING, no progress for 301 s'",
    "ERROR, 3600, NaN, false, false, 'ERROR, no broker answers'",
  })
  void running_is_not_progress_and_no_time_without_a_broker_counts(
      State state, double silent, double brokerAnswered, boolean live, boolean ready, String text) {
    assertThat(Health.of(state, new Signs(silent, 0, 0, brokerAnswered)))
        .isEqualTo(new Health(live, ready, text));
  }

  @ParameterizedTest
  @CsvSource({
    "60, 60, 9999, true, 'RUNNING'",
    "61, 0, 9999, false, 'RUNNING, session keys'' end not known for 61 s'",
    "0, 61, 9999, false, 'RUNNING, a payload''s answer is overdue by 61 s'",
    "61, 61, 9999, false, 'RUNNING, session keys'' end not known for 61 s'",
    "999, 999, 60, true, 'RUNNING'",
    "0, 999, 61, false, 'RUNNING, a payload''s answer is overdue by 999 s'",
    "999, 999, NaN, false, 'RUNNING, no broker answers'",
  })
  void who_waits_too_long_makes_it_not_ready_and_never_dead(
      double unknown, double overdue, double brokerAnswered, boolean ready, String text) {
    assertThat(Health.of(State.RUNNING, new Signs(0, unknown, overdue, brokerAnswered)))
        .isEqualTo(new Health(true, ready, text));
  }
}
