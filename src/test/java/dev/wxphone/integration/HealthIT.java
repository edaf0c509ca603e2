package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.integration.kit.CuttableProxy;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.stream.metrics.MetricsPage;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a {@code run} serves over HTTP, beside real traffic and without a broker. */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
class HealthIT {
  private static final int CLICKS = 50;

  private final SharedBroker broker;

  HealthIT(SharedBroker broker) {
    this.broker = broker;
  }

  @ParameterizedTest
  @CsvSource({"exactly_once_v2", "at_least_once"})
  void the_metrics_tell_what_was_read_answered_and_committed(String guarantee) {
    try (Installation installation = new Installation(broker)) {
      Program run = installation.run("-Dprocessing.guarantee=" + guarantee);
      TestUser user = new TestUser();
      installation.login(user.openid(), user.login());
      RecordMetadata last = null;
      for (int i = 0; i < CLICKS; i++) {
        last = installation.click(user.openid(), user.click().json());
      }
      installation.click(user.openid(), "{\"errno\":112,\"errMsg\":\"x\"}");
      installation.awaitAnswers(CLICKS + 1);
      assertThat(last).isNotNull();
      run.awaitMetric("wxphone_answer_latency_seconds_count", CLICKS + 1);
      assertThat(run.metric("wxphone_answer_latency_seconds_count")).isEqualTo(CLICKS + 1);
      assertThat(run.metric("wxphone_answer_latency_seconds_sum")).isBetween(0.001, 600.0);
      assertThat(run.metric("wxphone_commit_duration_seconds_count")).isPositive();
      assertThat(run.metric("wxphone_commit_duration_seconds_sum")).isPositive();
      assertThat(run.metric("wxphone_records_total{topic=\"phone-payload\"}"))
          .isEqualTo(CLICKS + 1);
      assertThat(run.metric("wxphone_profiles_total")).isEqualTo(CLICKS);
      assertThat(run.metric("wxphone_refusals_total{errno=\"112\"}")).isOne();
      assertThat(run.metric("wxphone_session_keys_total{event=\"login\"}")).isOne();
      assertThat(run.metric("wxphone_ready")).isOne();
      assertThat(run.metric("wxphone_threads{state=\"running\"}")).isOne();
      assertThat(run.metric("wxphone_threads")).isOne();
      assertThat(run.metric("wxphone_rebalances_total")).isPositive();
      assertThat(run.metric("wxphone_store_bytes{store=\"users\"}")).isPositive();
      assertThat(run.metric("wxphone_broker_away_seconds")).isZero();
      assertThat(run.metric("jvm_memory_used_bytes{area=\"heap\"}")).isPositive();
      run.awaitMetric("wxphone_store_keys{store=\"users\"}", 1);
      Program.await("all is read", () -> run.metric("wxphone_lag_records") == 0);
      // A series that only a running stream has would be missing in the table of them.
      assertThat(new MetricsPage(run.get("/metrics").body()).families().keySet())
          .isEqualTo(MetricsPage.ofNewStream().families().keySet());
      assertThat(run.get("/metrics").headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }
  }

  @Test
  void a_brokers_outage_shows_and_restarts_nobody() throws IOException {
    try (CuttableProxy proxy = new CuttableProxy(broker.bootstrapServers());
        Installation installation = new Installation(broker)) {
      Program run = installation.run("-Dbootstrap.servers=" + proxy.bootstrapServers());
      proxy.cutEverything();
      Program.await("it is not ready", () -> run.get("/ready").statusCode() == 503);
      assertThat(run.get("/ready").body()).matches("RUNNING, no broker answers for [0-9]+ s\n");
      assertThat(run.get("/live").statusCode()).isEqualTo(200);
      assertThat(run.metric("wxphone_broker_away_seconds")).isPositive();
      assertThat(run.metric("wxphone_ready")).isZero();
      proxy.restoreHeartbeats();
      run.awaitReady();
      Program.await("it is back", () -> run.metric("wxphone_broker_away_seconds") == 0);
    }
  }

  @Test
  void a_restored_state_is_counted() {
    try (Installation installation = new Installation(broker)) {
      Program run = installation.run();
      TestUser user = new TestUser();
      installation.login(user.openid(), user.login());
      installation.answerTo(installation.click(user.openid(), user.click().json()));
      assertThat(run.metric("wxphone_restored_records_total")).isZero();
      run.kill();
      installation.wipeState();
      Program next = installation.startRun(Map.of()).awaitReady();
      assertThat(next.metric("wxphone_restored_records_total")).isPositive();
      assertThat(next.metric("wxphone_restore_remaining_records")).isZero();
    }
  }
}
