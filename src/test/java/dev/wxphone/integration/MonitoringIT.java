package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Installed;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.PrometheusServer;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.SteadyTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debian's Prometheus scrapes a real {@code run}, to which things happen. */
@ExtendWith(SharedBroker.Extension.class)
final class MonitoringIT {
  private static final Path DASHBOARD = Path.of("src/main/monitoring/dashboard.json");
  private static final Installed INSTALLED = new Installed("MonitoringIT");

  private final Path directory = SharedBroker.temporaryDirectory();

  @AfterEach
  void removeDirectory() {
    SharedBroker.delete(directory);
  }

  @Test
  void alerts_fire_on_troubles_made_on_purpose_and_the_dashboard_has_data(SharedBroker broker)
      throws IOException {
    INSTALLED.requireCommands("prometheus", "promtool");
    try (Installation installation = new Installation(broker)) {
      Program run = installation.run();
      try (PrometheusServer prometheus = PrometheusServer.start(INSTALLED, run.httpPort());
          SteadyTraffic traffic = SteadyTraffic.start(installation)) {
        prometheus.awaitReady();
        // Of the rules a minute is a second: so these are 20 minutes, without Prometheus' own
        // start.
        Program.await("25 s are scraped", () -> value(prometheus, "count_over_time(up[1m])") >= 25);
        assertThat(prometheus.query("max_over_time(ALERTS{alertstate=\"firing\"}[20s])")).isEmpty();
        everyQueryOfTheDashboardReturnsData(prometheus);
        requireMetricsOfPromtool(run);

        traffic.stopLogins();
        traffic.useUpQuota();
        traffic.useAnotherPartitioner();
        Set<String> troubles =
            new TreeSet<>(
                List.of("WxphoneLoginsStopped", "WxphoneQuotaUsedUp", "WxphonePartitionerWrong"));
        Program.await(
            "the troubles are known: " + troubles,
            () -> prometheus.firingNames().containsAll(troubles));
        assertThat(prometheus.firingNames()).isEqualTo(troubles);
        assertThat(prometheus.firing())
            .allSatisfy(
                alert ->
                    assertThat(alert.path("annotations").toString())
                        .doesNotContain("{{", "<error", "<no value>"));

        run.kill();
        Program.await("it is down", () -> prometheus.firingNames().contains("WxphoneDown"));
      }
    }
  }

  private static double value(PrometheusServer prometheus, String expression) {
    return prometheus.query(expression).path(0).path("value").path(1).asDouble();
  }

  private static void everyQueryOfTheDashboardReturnsData(PrometheusServer prometheus)
      throws IOException {
    List<String> queries = new ObjectMapper().readTree(DASHBOARD.toFile()).findValuesAsText("expr");
    assertThat(queries).hasSizeGreaterThan(30);
    Map<String, String> without = new TreeMap<>();
    for (String query : queries) {
      String asked =
          query
              .replace("$__rate_interval", "10s")
              .replace("$job", "wxphone")
              .replace("$instance", ".*");
      JsonNode result = prometheus.query(asked);
      boolean numbers =
          result.valueStream().anyMatch(one -> !one.path("value").path(1).asText().equals("NaN"));
      if (!numbers) {
        without.put(asked, result.toString());
      }
    }
    assertThat(without).isEmpty();
  }

  private void requireMetricsOfPromtool(Program run) throws IOException {
    Path metrics = directory.resolve("metrics");
    Files.writeString(metrics, run.get("/metrics").body());
    try (Program promtool =
        Program.command(
            directory, Map.of(), List.of("sh", "-c", "promtool check metrics < metrics"))) {
      assertThat(promtool.awaitExit().code()).as("%s", promtool).isZero();
    }
  }
}
