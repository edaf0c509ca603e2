package dev.wxphone.operator;

import java.util.regex.Pattern;

/** Text of others without what looks like a phone number or a session key in it. */
public final class Masked {
  /** A Chinese mobile number, or any number in international form. */
  private static final Pattern PHONE_NUMBER =
      Pattern.compile(
          "(?<![0-9])(?:(?:\\+|00)?86[ -]?)?1[3-9][0-9]{9}(?![0-9])|\\+[0-9]{7,15}(?![0-9])");

  /** Base64 of 16 bytes: a session key, or an iv. */
  private static final Pattern SESSION_KEY =
      Pattern.compile("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{21}[AQgw]==(?!=)");

  private Masked() {}

  /** The text with each phone number as {@code 135****6666}, and nothing of a session key. */
  public static String text(String text) {
    return PHONE_NUMBER
        .matcher(SESSION_KEY.matcher(text).replaceAll("****"))
        .replaceAll(found -> number(found.group()));
  }

  /** {@code 135****6666}; of a short number less is shown. */
  public static String number(String number) {
    int visible = Math.max(0, number.length() - 4);
    int back = Math.min(4, (visible + 1) / 2);
    int front = Math.min(3, visible - back);
    return number.substring(0, front) + "****" + number.substring(number.length() - back);
  }
}
