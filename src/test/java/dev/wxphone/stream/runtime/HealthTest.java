package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.stream.runtime.BrokerWatch.Contact;
import dev.wxphone.stream.runtime.Health.Signs;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
  private static final Contact ANSWERS = new Contact(true, 9999);
  private static final double MAX_POLL = 300;

  private static Signs signs(double silent, Contact broker) {
    return new Signs(1, MAX_POLL, silent, 0, 0, broker, Double.NaN);
  }

  @ParameterizedTest
  @CsvSource({
    "CREATED, NaN, true, false, 'CREATED'",
    "REBALANCING, NaN, true, false, 'REBALANCING'",
    "REBALANCING, 0, true, false, 'REBALANCING'",
    "RUNNING, 0, true, true, 'RUNNING'",
    "RUNNING, 60, true, true, 'RUNNING'",
    "RUNNING, 61, true, false, 'RUNNING, no progress for 61 s'",
    "RUNNING, 300, true, false, 'RUNNING, no progress for 300 s'",
    "RUNNING, 301, false, false, 'RUNNING, no progress for 301 s'",
    "REBALANCING, 301, false, false, 'REBALANCING, no progress for 301 s'",
    "PENDING_SHUTDOWN, 0, true, false, 'PENDING_SHUTDOWN'",
    "PENDING_ERROR, 0, true, false, 'PENDING_ERROR'",
  })
  void running_is_not_progress(
      State state, double silent, boolean live, boolean ready, String text) {
    assertThat(Health.of(state, signs(silent, ANSWERS))).isEqualTo(new Health(live, ready, text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, true, true, 'RUNNING'",
    "60, true, true, 'RUNNING'",
    "61, true, false, 'RUNNING, no progress for 61 s'",
    "300, true, false, 'RUNNING, no progress for 300 s'",
    "301, false, false, 'RUNNING, no progress for 301 s'",
  })
  void silence_counts_from_when_a_broker_answers_again(
      double answered, boolean live, boolean ready, String text) {
    assertThat(Health.of(State.RUNNING, signs(3600, new Contact(true, answered))))
        .isEqualTo(new Health(live, ready, text));
  }

  @ParameterizedTest
  @CsvSource({"0", "61", "3600"})
  void a_brokers_outage_restarts_nobody(double silent) {
    assertThat(Health.of(State.RUNNING, signs(silent, new Contact(false, 12))))
        .isEqualTo(new Health(true, false, "RUNNING, no broker answers for 12 s"));
  }

  @ParameterizedTest
  @CsvSource({
    "600, 599, true",
    "600, 601, false",
    "10, 11, false",
  })
  void a_thread_hangs_when_its_group_gives_it_up(double maxPoll, double silent, boolean live) {
    Signs signs = new Signs(1, maxPoll, silent, 0, 0, ANSWERS, Double.NaN);
    assertThat(Health.of(State.RUNNING, signs).live()).isEqualTo(live);
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, true, 'ERROR, no stream thread lives'",
    "NOT_RUNNING, true, 'NOT_RUNNING, no stream thread lives'",
    "RUNNING, true, 'RUNNING, no stream thread lives'",
    "ERROR, false, 'ERROR, no stream thread lives'",
  })
  void without_a_thread_it_is_dead_whatever_its_state(State state, boolean answers, String text) {
    Signs signs = new Signs(0, MAX_POLL, 0, 0, 0, new Contact(answers, 9999), Double.NaN);
    assertThat(Health.of(state, signs)).isEqualTo(new Health(false, false, text));
  }

  @ParameterizedTest
  @CsvSource({
    "REBALANCING, 0, true, 'REBALANCING, restoring 0 %'",
    "REBALANCING, 0.439, true, 'REBALANCING, restoring 43 %'",
    "REBALANCING, 0.999, true, 'REBALANCING, restoring 99 %'",
    "REBALANCING, 0.439, false, 'REBALANCING, restoring 43 %, no broker answers for 12 s'",
    "RUNNING, 0.439, true, 'RUNNING'",
  })
  void a_restore_says_how_far_it_is(State state, double share, boolean answers, String text) {
    Signs signs = new Signs(1, MAX_POLL, 0, 0, 0, new Contact(answers, 12), share);
    assertThat(Health.of(state, signs))
        .returns(true, Health::live)
        .returns(state == State.RUNNING, Health::ready)
        .returns(text, Health::text);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 60, 9999, true, 'RUNNING'",
    "61, 0, 9999, false, 'RUNNING, session keys'' end not known for 61 s'",
    "0, 61, 9999, false, 'RUNNING, a payload''s answer is overdue by 61 s'",
    "61, 61, 9999, false, 'RUNNING, session keys'' end not known for 61 s'",
    "999, 999, 60, true, 'RUNNING'",
    "0, 999, 61, false, 'RUNNING, a payload''s answer is overdue by 999 s'",
  })
  void who_waits_too_long_makes_it_not_ready_and_never_dead(
      double unknown, double overdue, double answered, boolean ready, String text) {
    Signs signs =
        new Signs(1, MAX_POLL, 0, unknown, overdue, new Contact(true, answered), Double.NaN);
    assertThat(Health.of(State.RUNNING, signs)).isEqualTo(new Health(true, ready, text));
  }
}
