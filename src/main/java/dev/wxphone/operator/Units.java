package dev.wxphone.operator;

import java.time.Duration;
import java.util.Locale;

/** Counts, durations and shares as text. */
public final class Units {
  private Units() {}

  /** Returns a number with a comma between thousands, as in {@code 1,234}. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns a number of things, as in {@code 1,234 records} or {@code 1 record}. */
  public static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /**
   * Returns the length of a duration, rounded down in the largest unit of which it has 2 or more,
   * as in {@code 24 h}.
   */
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

  /** Returns a duration rounded to the nearest unit, as in {@code 5 min} or {@code 30 days}. */
  public static String about(Duration time) {
    long minutes = Math.round(time.toSeconds() / 60.0);
    long hours = Math.round(minutes / 60.0);
    if (minutes < 2) {
      return time.toSeconds() + " s";
    }
    if (hours < 2) {
      return minutes + " min";
    }
    return hours < 48 ? hours + " hours" : Math.round(hours / 24.0) + " days";
  }

  /** Returns a share in percent; only nothing is 0 %, and only the whole is 100 %. */
  public static String share(long part, long whole) {
    long percent = Math.round(100.0 * part / whole);
    if (percent == 0 && part > 0) {
      return "under 1 %";
    }
    return percent == 100 && part < whole ? "over 99 %" : percent + " %";
  }
}
