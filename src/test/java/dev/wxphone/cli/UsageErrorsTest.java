package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Program;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each is one line on standard error, and 2. */
final class UsageErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replya | there is no command replya: did you mean replay? see wxphone --help",
        "replya --dry-run | there is no command replya: did you mean replay? see wxphone --help",
        "make-coffee | there is no command make-coffee; see wxphone --help",
        "topics aply | there is no command aply: did you mean apply? see wxphone topics --help",
        "topics foo | there is no command foo; see wxphone topics --help",
        "publish foo | there is no command foo; see wxphone publish --help",
        "publish payloads | there is no command payloads: did you mean payload? see wxphone publish --help",
        "dead-letters foo | there is no command foo; see wxphone dead-letters --help",
        "dead-letters lst | there is no command lst: did you mean list? see wxphone dead-letters --help",
      })
  void an_unknown_command(String arguments, String message) {
    requireMisuse(message, arguments.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replay --dryrun | wxphone replay has no option --dryrun: did you mean --dry-run? see wxphone replay --help",
        "topics plan --partition=3 | wxphone topics plan has no option --partition: did you mean --partitions? see wxphone topics plan --help",
        "topics plan --sideways | wxphone topics plan has no option --sideways; see wxphone topics plan --help",
        "--json doctor | wxphone has no option --json; see wxphone --help",
        "-x | wxphone has no option -x; see wxphone --help",
      })
  void an_unknown_option(String arguments, String message) {
    requireMisuse(message, arguments.split(" "));
  }

  @Test
  void an_argument_too_many() {
    requireMisuse("the argument now is one too many; see wxphone doctor --help", "doctor", "now");
    requireMisuse("the argument \"\" is one too many; see wxphone doctor --help", "doctor", "");
    requireMisuse(
        "the argument b is one too many; see wxphone publish payload --help",
        "publish",
        "payload",
        "a",
        "b");
  }

  @Test
  void what_was_typed_stays_on_its_line() {
    requireMisuse("there is no command a\\u000ab\\u001b[31m; see wxphone --help", "a\nb\u001b[31m");
    requireMisuse("wxphone has no option --a\\u000ab; see wxphone --help", "--a\nb=c\nd");
  }

  @Test
  void other_errors_are_those_of_picocli() {
    requireMisuse("a command is missing; see wxphone --help");
    requireMisuse("say session-key or payload; see wxphone publish --help", "publish");
    requireMisuse(
        "Invalid value for option '--port': 'x' is not a whole number; see wxphone broker --help",
        "broker",
        "--port",
        "x");
  }

  private static void requireMisuse(String message, String... arguments) {
    assertThat(InProcess.execute(Arrays.asList(arguments)))
        .isEqualTo(new Program.Result(2, List.of(), List.of("wxphone: " + message)));
  }
}
