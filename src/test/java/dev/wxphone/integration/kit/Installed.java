package dev.wxphone.integration.kit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The programs that a test needs and {@code .ci/run} installs; a test without them is skipped, and
 * says so.
 *
 * @param test the name of the test
 */
public record Installed(String test) {
  /** Skips the test if one of the commands is missing. */
  public void requireCommands(String... names) {
    for (String name : names) {
      require(runs("sh", "-c", "command -v " + name), name + " is not installed here");
    }
  }

  /** Returns whether a command can be started and ends with 0. */
  public boolean runs(String... command) {
    try (Program program =
        Program.command(Path.of("").toAbsolutePath(), Map.of(), List.of(command))) {
      return program.awaitExit().code() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Skips the test if the condition does not hold. */
  public void require(boolean condition, String otherwise) {
    if (!condition) {
      System.out.println(test + " is skipped: " + otherwise + "; see .ci/run");
    }
    assumeTrue(condition, otherwise);
  }
}
