package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NextStepsTest {
  private static final String SERVERS = "127.0.0.1:65535";

  @ParameterizedTest
  @ValueSource(strings = {"dead-letters list", "dead-letters show 7@999999", "doctor", "books"})
  void a_command_on_the_embedded_broker_fits_eighty_columns(String command) {
    for (boolean checkout : List.of(true, false)) {
      assertThat(NextSteps.rows(checkout, command, SERVERS))
          .hasSizeLessThanOrEqualTo(2)
          .allSatisfy(row -> assertThat(row).hasSizeLessThanOrEqualTo(78));
    }
  }

  @Test
  void from_a_checkout_maven_runs_it() {
    assertThat(NextSteps.rows(true, "doctor", SERVERS))
        .containsExactly(
            "mvn -q exec:java -Dexec.args=\"doctor --bootstrap-servers 127.0.0.1:65535\"");
    assertThat(NextSteps.rows(true, "dead-letters list", SERVERS))
        .containsExactly(
            "mvn -q exec:java \\",
            "  -Dexec.args=\"dead-letters list --bootstrap-servers 127.0.0.1:65535\"");
  }

  @Test
  void without_a_checkout_java_runs_the_jar() {
    assertThat(NextSteps.rows(false, "doctor", SERVERS))
        .containsExactly("java -jar target/wxphone.jar doctor --bootstrap-servers 127.0.0.1:65535");
    assertThat(NextSteps.rows(false, "dead-letters list", SERVERS))
        .containsExactly(
            "java -jar target/wxphone.jar \\",
            "  dead-letters list --bootstrap-servers 127.0.0.1:65535");
  }
}
