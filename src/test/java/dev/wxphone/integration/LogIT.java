package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of {@code run}, in both formats. */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
class LogIT {
  private static final Pattern TEXT =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}(Z|[+-]\\d\\d:\\d\\d) (INFO |WARN |ERROR) \\w+ .*");

  private final SharedBroker broker;

  LogIT(SharedBroker broker) {
    this.broker = broker;
  }

  @ParameterizedTest
  @CsvSource({"text", "json"})
  void a_start_and_an_end_are_a_few_lines(String format) {
    try (Installation installation = new Installation(broker)) {
      Program run = installation.startRun(Map.of("LOG_FORMAT", format)).awaitReady();
      run.awaitErr(Pattern.compile("group .* reads"));
      // Java closes the streams of a process that it ends itself.
      run.signal("TERM");
      Program.Result ended = run.awaitExit();
      assertThat(ended.out()).isEmpty();
      List<String> messages =
          format.equals("json")
              ? ended.err().stream().map(LogIT::message).toList()
              : ended.err().stream()
                  .map(line -> line.replaceFirst("^\\S+ INFO  RunCommand ", ""))
                  .toList();
      assertThat(messages.get(0))
          .matches(
              "wxphone [0-9.]+ starts in group %1$s, exactly_once_v2: reads %1$s.phone-payload and %1$s.session-key, writes %1$s.user-profile and %1$s.dead-letter, its state is in %2$s/%1$s"
                  .formatted(installation.applicationId(), installation.stateDirectory()));
      assertThat(messages.get(1)).startsWith("health on http://");
      assertThat(messages.subList(2, messages.size()))
          .containsExactly("group " + installation.applicationId() + " reads", "ending", "ended");
    }
  }

  private static String message(String line) {
    JsonNode event = json(line.getBytes(UTF_8));
    assertThat(event.path("timestamp").asLong()).isGreaterThan(1_700_000_000_000L);
    assertThat(event.path("level").asText()).isEqualTo("INFO");
    assertThat(event.path("loggerName").asText())
        .isEqualTo("dev.wxphone.stream.runtime.RunCommand");
    assertThat(event.path("threadName").asText()).isNotEmpty();
    return event.path("formattedMessage").asText();
  }

  @ParameterizedTest
  @CsvSource({"books", "doctor", "dead-letters stats", "topics plan"})
  void a_tool_that_fails_says_so_in_one_line(String command, @TempDir Path directory) {
    Map<String, String> login =
        Map.of(
            "KAFKA_SECURITY_PROTOCOL",
            "SASL_PLAINTEXT",
            "KAFKA_SASL_MECHANISM",
            "PLAIN",
            "KAFKA_SASL_JAAS_CONFIG",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\""
                + " password=\"hush\";");
    List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
    arguments.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    try (Program tool = Program.jar(directory, login, arguments)) {
      Program.Result failed = tool.awaitExit();
      assertThat(failed.code()).isOne();
      List<String> said = command.equals("doctor") ? failed.out() : failed.err();
      assertThat(said).isNotEmpty();
      assertThat(failed.err()).hasSizeLessThanOrEqualTo(1);
      assertThat(failed.err()).allMatch(line -> line.startsWith("wxphone: "));
      assertThat(failed.toString()).doesNotContain("hush");
    }
  }

  /** Kafka's clients log their configuration in as many lines as it has settings. */
  @ParameterizedTest
  @CsvSource({
    "LOG_FORMAT, json, true",
    "JDK_JAVA_OPTIONS, -DLOG_FORMAT=json, true",
    "LOG_FORMAT, JSON, false",
    "LOG_FORMAT, '', false",
  })
  void a_line_is_an_event_in_json_alone(
      String variable, String value, boolean json, @TempDir Path directory) {
    try (Program run =
        Program.jar(
            directory,
            Map.of(variable, value, "KAFKA_LOG_LEVEL", "INFO"),
            List.of("run", "--bootstrap-servers", "127.0.0.1:" + LocalPorts.free()))) {
      run.awaitErr(Pattern.compile("AdminClientConfig values"));
      run.awaitErr(Pattern.compile("Kafka startTimeMs"));
      // Java closes the streams of a process that it ends itself.
      run.signal("TERM");
      Program.Result ended = run.awaitExit();
      // The JVM itself notes its options.
      List<String> lines = ended.err().stream().filter(line -> !line.startsWith("NOTE: ")).toList();
      assertThat(lines).anyMatch(line -> line.contains("ending"));
      if (json) {
        assertThat(lines).allSatisfy(line -> assertThat(json(line.getBytes(UTF_8))).isNotNull());
        assertThat(lines)
            .extracting(line -> json(line.getBytes(UTF_8)).path("formattedMessage").asText())
            .anyMatch(message -> message.startsWith("AdminClientConfig values: \n"));
      } else {
        assertThat(lines.get(0)).matches(TEXT);
      }
    }
  }
}
