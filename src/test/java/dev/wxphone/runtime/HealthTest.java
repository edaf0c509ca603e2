package dev.wxphone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
  @ParameterizedTest
  @CsvSource({
    "CREATED, NaN, true, true, false, 'CREATED'",
    "REBALANCING, NaN, true, true, false, 'REBALANCING'",
    "REBALANCING, 0, true, true, false, 'REBALANCING'",
    "RUNNING, 0, true, true, true, 'RUNNING'",
    "RUNNING, 60, true, true, true, 'RUNNING'",
    "RUNNING, 61, true, true, false, 'RUNNING, no progress for 61 s'",
    "RUNNING, 300, true, true, false, 'RUNNING, no progress for 300 s'",
    "RUNNING, 301, true, false, false, 'RUNNING, no progress for 301 s'",
    "REBALANCING, 301, true, false, false, 'REBALANCING, no progress for 301 s'",
    "PENDING_SHUTDOWN, 0, true, false, false, 'PENDING_SHUTDOWN'",
    "NOT_RUNNING, 0, true, false, false, 'NOT_RUNNING'",
    "PENDING_ERROR, 0, true, false, false, 'PENDING_ERROR'",
    "ERROR, 0, true, false, false, 'ERROR'",
    "RUNNING, 0, false, true, false, 'RUNNING, no broker answers'",
    "RUNNING, 61, false, true, false, 'RUNNING, no progress for 61 s'",
  })
  void running_is_not_progress(
      State state, double silent, boolean brokerAnswers, boolean live, boolean ready, String text) {
    assertThat(Health.of(state, silent, brokerAnswers)).isEqualTo(new Health(live, ready, text));
  }
}
