package dev.wxphone.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration back from now: {@code 90s}, {@code 15m}, {@code 2h}, {@code 1d12h}, or ISO-8601. */
public final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    Duration ago = read(value);
    if (ago == null) {
      throw new TypeConversionException("takes a duration, as in 90s, 15m, 2h or 7d");
    }
    return ago;
  }

  /** Returns the duration, or null if the text is none. */
  static @Nullable Duration read(String value) {
    String text = value.toUpperCase(Locale.ROOT);
    try {
      Duration ago = Duration.parse(text.startsWith("P") ? text : iso(text));
      return ago.isNegative() ? null : ago;
    } catch (DateTimeParseException none) {
      return null;
    }
  }

  /** ISO-8601 has a P before the days and a T before the hours. */
  private static String iso(String text) {
    int hours = text.indexOf('D') + 1;
    return "P"
        + text.substring(0, hours)
        + (hours < text.length() ? "T" : "")
        + text.substring(hours);
  }
}
