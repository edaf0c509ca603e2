package dev.wxphone.operator;

import java.time.Duration;
import java.util.Locale;

/** Numbers as a person says them. */
public final class Units {
  private Units() {}

  /** A number, as in {@code 1,234}. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A number of things, as in {@code 1,234 records}. */
  public static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /** A time in the unit that fits it, rounded down, as in {@code 24 h}. */
  public static String time(Duration time) {
    Duration length = time.abs();
    if (length.compareTo(Duration.ofDays(2)) >= 0) {
      return length.toDays() + " d";
    }
    if (length.compareTo(Duration.ofHours(2)) >= 0) {
      return length.toHours() + " h";
    }
    if (length.compareTo(Duration.ofMinutes(2)) >= 0) {
      return length.toMinutes() + " min";
    }
    return length.compareTo(Duration.ofSeconds(1)) >= 0
        ? length.toSeconds() + " s"
        : length.toMillis() + " ms";
  }

  /** A share in percent; only nothing is 0 % and only all of it 100 %. */
  public static String share(long part, long whole) {
    long percent = Math.round(100.0 * part / whole);
    if (percent == 0 && part > 0) {
      return "under 1 %";
    }
    return percent == 100 && part < whole ? "over 99 %" : percent + " %";
  }
}
