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

  private static void requireBalance(Program.Ended demo, int payloads) {
    assertThat(demo.code()).as("%s", demo).isZero();
    assertThat(demo.out())
        .anyMatch(line -> line.strip().matches("payloads in +" + payloads))
        .anyMatch(line -> line.startsWith(BALANCE))
        .noneMatch(line -> line.startsWith("But not every answer"));
    assertThat(demo.err()).isEmpty();
  }
}
