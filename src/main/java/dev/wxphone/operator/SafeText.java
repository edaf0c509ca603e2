package dev.wxphone.operator;

import dev.wxphone.core.codec.StrictUtf8;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text from outside the program as it may be printed: always on one line, without control
 * characters, and, where it comes from a record, without phone numbers and session keys.
 */
public final class SafeText {
  private static final int MAX_CHARS = 120;
  private static final int MAX_BYTES = 32;

  // Controls, formats (which can reverse the reading direction) and line separators.
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  /** A Chinese mobile number, or any number in international form. */
  private static final Pattern PHONE_NUMBER =
      Pattern.compile(
          "(?<![0-9])(?:(?:\\+|00)?86[ -]?)?1[3-9][0-9]{9}(?![0-9])|\\+[0-9]{7,15}(?![0-9])");

  /** Base64 of 16 bytes: a session key or an iv. */
  private static final Pattern SESSION_KEY =
      Pattern.compile("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{21}[AQgw]==(?!=)");

  private SafeText() {}

  /** Returns the whole text with its control characters escaped. */
  public static String escaped(String text) {
    return UNPRINTABLE
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted(found.group().codePointAt(0)));
  }

  /** Returns the first 120 characters of the text, escaped. */
  public static String shortened(String text) {
    return escaped(text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…");
  }

  /** Returns the first 120 characters of the text, escaped and in quotes. */
  public static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  /** Returns the whole text, escaped, its phone numbers and session keys masked. */
  public static String masked(String text) {
    return escaped(mask(text));
  }

  /** Returns the first 120 characters of the masked text, escaped. */
  public static String excerpt(String text) {
    return shortened(mask(text));
  }

  /** Returns an excerpt of UTF-8, or the first 32 bytes in hexadecimal if it is not UTF-8. */
  public static String excerpt(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "(null)";
    }
    String text = StrictUtf8.decode(bytes);
    if (text != null) {
      return excerpt(text);
    }
    int length = Math.min(bytes.length, MAX_BYTES);
    return "0x" + HexFormat.of().formatHex(bytes, 0, length) + (length < bytes.length ? "…" : "");
  }

  /** Returns a phone number as {@code 135****6666}; of a short one, fewer digits. */
  public static String maskedNumber(String number) {
    int visible = Math.max(0, number.length() - 4);
    int back = Math.min(4, (visible + 1) / 2);
    int front = Math.min(3, visible - back);
    return number.substring(0, front) + "****" + number.substring(number.length() - back);
  }

  private static String mask(String text) {
    return PHONE_NUMBER
        .matcher(SESSION_KEY.matcher(text).replaceAll("****"))
        .replaceAll(found -> maskedNumber(found.group()));
  }
}
