package dev.wxphone.letters;

import dev.wxphone.cli.PositiveConverter;
import picocli.CommandLine.Option;

/** The maximum number of letters that a command is about. */
public final class LimitOption {
  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = PositiveConverter.class,
      description = "At most this many letters, the oldest.")
  private int limit = Integer.MAX_VALUE;

  /** Returns the maximum, {@link Integer#MAX_VALUE} by default. */
  public int limit() {
    return limit;
  }
}
