package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody sees who has just cloned this. */
@ExtendWith(SharedBroker.Extension.class)
final class DemoIT {
  private static final String BALANCE = "The books balance: every payload has exactly one answer";

  @Test
  @Execution(CONCURRENT)
  void once_answers_every_payload_and_leaves_nothing_behind(@TempDir Path temporary) {
    try (Program demo =
        Program.checkout(temporary, List.of("demo", "--once", "--payloads", "500"))) {
      requireBalance(demo.awaitEnd(), 500);
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  @Execution(CONCURRENT)
  void the_jar_plays_it_on_a_cluster(@TempDir Path temporary, SharedBroker broker) {
    List<String> arguments =
        List.of(
            "demo",
            "--once",
            "--payloads",
            "500",
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "-Dwxphone.session.wait=PT5S",
            "-Dstate.dir=" + temporary.resolve("state"));
    try (Program demo = Program.jar(temporary, Map.of(), arguments)) {
      requireBalance(demo.awaitEnd(), 500);
    }
    assertThat(temporary).isDirectoryNotContaining(file -> !file.endsWith("state"));
  }

  @Test
  @Execution(CONCURRENT)
  void only_the_troubles_that_are_asked_for_happen(@TempDir Path temporary) {
    String options =
        "demo --once --payloads 600 --rate 600 --seed 3 --users 20 --session-life 0.2"
            + " --trouble all=0,late-login=40 --trouble out-of-order=20";
    try (Program demo = Program.checkout(temporary, List.of(options.split(" ")))) {
      Program.Ended ended = demo.awaitEnd();
      requireBalance(ended, 600);
      assertThat(ended.out())
          .filteredOn(line -> line.matches("    [A-Z_]+ .*"))
          .singleElement()
          .asString()
          .contains("SUPERSEDED");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void where_the_settings_change_the_answers_the_books_alone_decide(@TempDir Path temporary) {
    String options =
        "demo --once --payloads 100 --trouble all=0,late-login=80 -Dwxphone.session.wait=PT0S";
    try (Program demo = Program.checkout(temporary, List.of(options.split(" ")))) {
      Program.Ended ended = demo.awaitEnd();
      requireBalance(ended, 100);
      assertThat(ended.out())
          .anyMatch(line -> line.startsWith("    SESSION_KEY_MISSING"))
          .endsWith("Reasons not compared, as settings are not the demo's: wxphone.session.wait");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--trouble, late=5, 'wxphone: --trouble: there is no trouble ''late''; there are all, late-login'",
    "--trouble, twice=100, 'wxphone: --trouble: the troubles come to '",
    "--users, 0, 'wxphone: --users takes 1 to 10000000;'",
    "--session-life, NaN, 'wxphone: --session-life takes 0.001 to 1000000000;'",
    "--payloads, 0, 'wxphone: --payloads takes 1 to 10000000;'",
    "--rate, 0.5, 'wxphone: --rate takes 1 to 100000;'",
    "--payloads, x, 'wxphone: Invalid value for option ''--payloads'': ''x'' is not a whole number;'",
    "--users, 1.5, 'wxphone: Invalid value for option ''--users'': ''1.5'' is not a whole number;'",
    "--rate, x, 'wxphone: Invalid value for option ''--rate'': ''x'' is not a number;'",
  })
  void what_can_not_be_played_is_wrong_usage(String option, String value, String message) {
    Program.Ended ended = InProcess.execute(List.of("demo", option, value));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).singleElement().asString().startsWith(message);
  }

  private static void requireBalance(Program.Ended demo, int payloads) {
    assertThat(demo.code()).as("%s", demo).isZero();
    assertThat(demo.out())
        .anyMatch(line -> line.strip().matches("payloads in +" + payloads))
        .anyMatch(line -> line.startsWith(BALANCE))
        .noneMatch(line -> line.startsWith("But not every answer"));
    assertThat(demo.err()).isEmpty();
  }
}
