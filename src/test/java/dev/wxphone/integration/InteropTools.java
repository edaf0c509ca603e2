package dev.wxphone.integration;

import dev.wxphone.integration.kit.Installed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The programs that {@link InteropIT} needs, which {@code .ci/run} installs; skips a test without.
 */
final class InteropTools {
  private static final String PYTHON = InteropIT.PYTHON;

  private final Installed installed;

  InteropTools(String test) {
    this.installed = new Installed("InteropIT." + test);
  }

  /** Returns the directory with kafkajs in node_modules. */
  Path kafkajs() {
    String jar = Objects.requireNonNull(System.getProperty("wxphone.jar"));
    Path directory = Objects.requireNonNull(Path.of(jar).getParent()).resolve("interop");
    installed.require(
        Files.isDirectory(directory.resolve("node_modules/kafkajs")),
        "kafkajs is not installed in " + directory);
    requireCommands("node");
    return directory;
  }

  void requireCommands(String... names) {
    installed.requireCommands(names);
  }

  void requirePython(String module, String statement) {
    installed.require(
        installed.runs(PYTHON, "-c", statement),
        PYTHON + " can't do '" + statement + "' (Debian: python3-" + module + ")");
  }
}
