package dev.wxphone.letters;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The author of an action, for the audit. */
public final class AuthorOption {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who you are, for the audit (default: the user of the operating system).")
  private @Nullable String by;

  /** Returns the author, the user of the operating system by default. */
  public String by() {
    return by == null ? System.getProperty("user.name", "unknown") : by;
  }
}
