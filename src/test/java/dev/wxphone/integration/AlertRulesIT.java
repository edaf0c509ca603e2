package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.Installed;
import dev.wxphone.integration.kit.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus' own tool accepts its files, and each alert fires on its own trouble alone. */
final class AlertRulesIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check rules src/main/monitoring/alerts.yml",
        "check config src/main/monitoring/prometheus.yml",
        "test rules src/test/monitoring/alerts-test.yml"
      })
  void promtool_has_nothing_against_it(String arguments) {
    new Installed("AlertRulesIT").requireCommands("promtool");
    List<String> command = List.of(("promtool " + arguments).split(" ", -1));
    try (Program promtool = Program.command(Path.of("").toAbsolutePath(), Map.of(), command)) {
      assertThat(promtool.awaitExit().code()).as("%s", promtool).isZero();
    }
  }
}
