package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar that is deployed. */
final class JarIT {
  @Test
  void it_holds_no_broker() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("wxphone.jar"))) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .contains("dev/wxphone/Main.class", "topics/dead-letter.yaml", "logback.xml")
          .noneMatch(name -> name.startsWith("kafka/") && name.endsWith(".class"))
          .noneMatch(name -> name.startsWith("scala/"))
          .noneMatch(name -> name.startsWith("org/apache/kafka/controller/"))
          .noneMatch(name -> name.startsWith("org/apache/logging/log4j/"))
          .noneMatch(name -> name.contains("junit"))
          .noneMatch(name -> name.endsWith(".SF"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "run --help", "topics apply --help", "--version"})
  void it_explains_itself(String arguments, @TempDir Path temporary) {
    Program.Result ended = execute(temporary, arguments);
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isNotEmpty().first().asString().contains("wxphone");
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "demo --once | run it from a checkout, or name a cluster with --bootstrap-servers",
        "broker --port 0 | run it from a checkout, with mvn -q compile exec:java -Dexec.args=broker",
      })
  void what_needs_a_broker_says_what_to_do_instead(
      String arguments, String instead, @TempDir Path temporary) {
    Program.Result ended = execute(temporary, arguments);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .containsExactly("wxphone: the broker's libraries are not in this jar: " + instead);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void a_command_that_is_missing_is_wrong_usage(@TempDir Path temporary) {
    Program.Result ended = execute(temporary, "");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).containsExactly("wxphone: a command is missing; see wxphone --help");
  }

  private static Program.Result execute(Path temporary, String arguments) {
    List<String> split = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
    try (Program program = Program.jar(temporary, Map.of(), split)) {
      return program.awaitExit();
    }
  }
}
