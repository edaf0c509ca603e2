package dev.wxphone.core.codec;

import static dev.wxphone.core.domain.Repair.LINE_BREAKS;
import static dev.wxphone.core.domain.Repair.MISSING_PADDING;
import static dev.wxphone.core.domain.Repair.PERCENT_ENCODED;
import static dev.wxphone.core.domain.Repair.SPACE_FOR_PLUS;
import static dev.wxphone.core.domain.Repair.URL_SAFE;

import dev.wxphone.core.domain.Repair;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes base64 (RFC 4648 §4) that may have been damaged in transport. Repairs are applied in the
 * order of {@link Repair}, each only while the text is still invalid, and recorded only if they
 * change it.
 */
public final class Base64Text {
  private Base64Text() {}

  /**
   * Returns the bytes, or null if the text is not base64 even after all repairs.
   *
   * @param repairs receives the repairs that were applied
   */
  public static byte @Nullable [] decode(String text, Set<Repair> repairs) {
    String repaired = text;
    if (!isValid(repaired)) {
      repaired = repair(repaired, PERCENT_ENCODED, Base64Text::decodePercent, repairs);
      repaired = repair(repaired, SPACE_FOR_PLUS, t -> t.replace(' ', '+'), repairs);
      repaired = repair(repaired, URL_SAFE, t -> t.replace('-', '+').replace('_', '/'), repairs);
      repaired = repair(repaired, LINE_BREAKS, t -> t.replace("\r", "").replace("\n", ""), repairs);
      repaired = repair(repaired, MISSING_PADDING, Base64Text::pad, repairs);
      if (!isValid(repaired)) {
        return null;
      }
    }
    // Safe after isValid(): the decoder alone accepts missing padding.
    return Base64.getDecoder().decode(repaired);
  }

  private static String repair(
      String text, Repair repair, UnaryOperator<String> change, Set<Repair> repairs) {
    if (isValid(text)) {
      return text;
    }
    String repaired = change.apply(text);
    if (!repaired.equals(text)) {
      repairs.add(repair);
    }
    return repaired;
  }

  private static boolean isValid(String text) {
    int length = text.length();
    if (length % 4 != 0) {
      return false;
    }
    int end = length - paddingOf(text);
    if (length - end > 2) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      if (!isBase64(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase64(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }

  private static int paddingOf(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    return text.length() - end;
  }

  private static String pad(String text) {
    int padding = paddingOf(text);
    int missing = Math.floorMod(-text.length(), 4);
    return padding + missing <= 2 ? text + "=".repeat(missing) : text;
  }

  /** Decodes percent-escapes; unlike a form's decoder it keeps {@code +}, and invalid escapes. */
  private static String decodePercent(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escaped = c == '%' ? hexByte(text, i + 1) : -1;
      if (escaped >= 0) {
        decoded.append((char) escaped);
        i += 2;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private static int hexByte(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    char high = text.charAt(at);
    char low = text.charAt(at + 1);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
        : -1;
  }
}
