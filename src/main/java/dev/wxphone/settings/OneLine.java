package dev.wxphone.settings;

import java.util.regex.Pattern;

/** Foreign text in an error message: short, and on one line whatever it holds. */
final class OneLine {
  private static final int LONGEST = 120;

  // Controls, formats (which can turn the reading direction round) and line separators.
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private OneLine() {}

  static String of(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    return UNPRINTABLE
        .matcher(cut)
        .replaceAll(found -> "\\\\u%04x".formatted(found.group().codePointAt(0)));
  }

  static String quoted(String text) {
    return '"' + of(text) + '"';
  }
}
