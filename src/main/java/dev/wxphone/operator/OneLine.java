package dev.wxphone.operator;

import java.util.regex.Pattern;

/** Foreign text where a person reads it: on one line whatever it holds. */
public final class OneLine {
  private static final int LONGEST = 120;

  // Controls, formats (which can turn the reading direction round) and line separators.
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private OneLine() {}

  /** The text, its control characters escaped, cut where it is long. */
  public static String of(String text) {
    return escaped(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
  }

  /** The whole text, its control characters escaped. */
  public static String escaped(String text) {
    return UNPRINTABLE
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted(found.group().codePointAt(0)));
  }

  /** The text, its control characters escaped, cut where it is long, in quotes. */
  public static String quoted(String text) {
    return '"' + of(text) + '"';
  }
}
