package dev.wxphone.letters;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who does what the audit will say. */
public final class AuthorOption {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who you are, for the audit (default: the user of the operating system).")
  private @Nullable String by;

  public String by() {
    return by == null ? System.getProperty("user.name", "unknown") : by;
  }
}
