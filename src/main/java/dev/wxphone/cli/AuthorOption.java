package dev.wxphone.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who does what the audit will say. */
final class AuthorOption {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who you are, for the audit (default: the user of the operating system).")
  private @Nullable String by;

  String by() {
    return by == null ? System.getProperty("user.name", "unknown") : by;
  }
}
