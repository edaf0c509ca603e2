package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client in another language, which shares no code with ours, sees what the contract says. */
@ExtendWith(SharedBroker.Extension.class)
final class InteropIT {
  private static final Path SCRIPT = Path.of("src/test/interop/reasons.mjs").toAbsolutePath();

  @Test
  void every_reason_and_every_repair_as_kafkajs_sees_them(SharedBroker broker) {
    Path modules = modules();
    try (Installation at = new Installation(broker)) {
      at.run();
      String prefix = at.applicationId() + ".";
      try (Program client =
          Program.command(
              modules,
              Map.of(),
              List.of("node", SCRIPT.toString(), broker.bootstrapServers(), prefix))) {
        Program.Ended ended = client.awaitEnd();
        assertThat(ended.code()).as("%s", client).isZero();
        assertThat(ended.out()).singleElement().asString().endsWith("the answer it should have");
      }
    }
  }

  /** Where {@code .ci/run} installs kafkajs; without it there is nothing to test with. */
  private static Path modules() {
    String jar = Objects.requireNonNull(System.getProperty("wxphone.jar"));
    Path directory = Objects.requireNonNull(Path.of(jar).getParent()).resolve("interop");
    require(
        Files.isDirectory(directory.resolve("node_modules/kafkajs")),
        "kafkajs is not installed in " + directory + "; bash .ci/run does that");
    require(nodeRuns(directory), "node does not run here");
    return directory;
  }

  private static boolean nodeRuns(Path directory) {
    try (Program node = Program.command(directory, Map.of(), List.of("node", "--version"))) {
      return node.awaitEnd().code() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      System.out.println("InteropIT is skipped: " + otherwise);
    }
    assumeTrue(condition, otherwise);
  }
}
