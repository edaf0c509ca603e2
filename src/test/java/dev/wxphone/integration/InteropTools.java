package dev.wxphone.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wxphone.integration.kit.Program;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The programs that {@link InteropIT} needs, which {@code .ci/run} installs; skips a test without.
 */
final class InteropTools {
  private static final String PYTHON = InteropIT.PYTHON;

  private final Path directory;
  private final String test;

  InteropTools(Path directory, String test) {
    this.directory = directory;
    this.test = test;
  }

  /** Returns the directory with kafkajs in node_modules. */
  Path kafkajs() {
    String jar = Objects.requireNonNull(System.getProperty("wxphone.jar"));
    Path installed = Objects.requireNonNull(Path.of(jar).getParent()).resolve("interop");
    require(
        Files.isDirectory(installed.resolve("node_modules/kafkajs")),
        "kafkajs is not installed in " + installed);
    requireCommands("node");
    return installed;
  }

  void requireCommands(String... names) {
    for (String name : names) {
      require(runs("sh", "-c", "command -v " + name), name + " is not installed here");
    }
  }

  void requirePython(String module, String statement) {
    require(
        runs(PYTHON, "-c", statement),
        PYTHON + " can't do '" + statement + "' (Debian: python3-" + module + ")");
  }

  private boolean runs(String... command) {
    try (Program program = Program.command(directory, Map.of(), List.of(command))) {
      return program.awaitExit().code() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      System.out.println("InteropIT." + test + " is skipped: " + otherwise + "; see .ci/run");
    }
    assumeTrue(condition, otherwise);
  }
}
