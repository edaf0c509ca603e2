package dev.wxphone.core.codec;

import static dev.wxphone.core.domain.Repair.ESCAPED_SLASHES;
import static dev.wxphone.core.domain.Repair.LINE_BREAKS;
import static dev.wxphone.core.domain.Repair.MISSING_PADDING;
import static dev.wxphone.core.domain.Repair.PERCENT_ENCODED;
import static dev.wxphone.core.domain.Repair.SPACE_FOR_PLUS;
import static dev.wxphone.core.domain.Repair.URL_SAFE;

import dev.wxphone.core.domain.Repair;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes base64 (RFC 4648 §4) that may have been damaged in transport. Repairs are applied in the
 * order of {@link Repair}, each only while the text does not fit yet, and recorded only if they
 * change it.
 *
 * <p>A space may stand for {@code +} or for nothing. The length tells: spaces are first taken for
 * blanks, then only those at the ends, then none.
 */
public final class Base64Text {
  /** Which spaces stand for nothing. */
  private enum Blanks {
    ALL,
    AT_THE_ENDS,
    NONE
  }

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** Whether a character is of the alphabet. A table, since every character of a click is asked. */
  private static final boolean[] IN_ALPHABET = new boolean[128];

  static {
    for (int i = 0; i < ALPHABET.length(); i++) {
      IN_ALPHABET[ALPHABET.charAt(i)] = true;
    }
  }

  private Base64Text() {}

  /**
   * Returns the bytes, or null if the text is not base64 of a fitting length even after all
   * repairs.
   *
   * @param fits whether a number of bytes fits
   * @param repairs receives the repairs that were needed; none if they were in vain
   */
  public static byte @Nullable [] decode(String text, IntPredicate fits, Set<Repair> repairs) {
    String repaired =
        repair(text, each -> isValid(each) && fits.test(decodedLength(each)), repairs);
    // Safe after isValid(): the decoder alone accepts missing padding.
    return repaired == null ? null : Base64.getDecoder().decode(repaired);
  }

  /**
   * Returns the text that fits, or null if no repair makes it fit.
   *
   * @param repairs receives the repairs that were needed; none if they were in vain
   */
  static @Nullable String repair(String text, Predicate<String> fits, Set<Repair> repairs) {
    if (fits.test(text)) {
      return text;
    }
    for (Blanks blanks : Blanks.values()) {
      Attempt attempt = new Attempt(text, fits);
      if (attempt.succeeds(blanks)) {
        repairs.addAll(attempt.repairs);
        return attempt.text;
      }
    }
    return null;
  }

  private static final class Attempt {
    private final Predicate<String> fits;
    private final Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    private String text;

    Attempt(String text, Predicate<String> fits) {
      this.text = text;
      this.fits = fits;
    }

    boolean succeeds(Blanks blanks) {
      return unwraps(blanks)
          // Blanks and backslashes may have been percent-encoded themselves.
          || (apply(PERCENT_ENCODED, Base64Text::decodePercent) || unwraps(blanks))
          || apply(SPACE_FOR_PLUS, t -> t.replace(' ', '+'))
          || apply(URL_SAFE, t -> t.replace('-', '+').replace('_', '/'))
          || apply(MISSING_PADDING, Base64Text::pad);
    }

    private boolean unwraps(Blanks blanks) {
      return apply(LINE_BREAKS, t -> withoutBlanks(t, blanks))
          || apply(ESCAPED_SLASHES, Base64Text::unescape);
    }

    /** Applies a repair and returns whether the text fits now. */
    private boolean apply(Repair repair, UnaryOperator<String> change) {
      String repaired = change.apply(text);
      if (repaired.equals(text)) {
        return false;
      }
      repairs.add(repair);
      text = repaired;
      return fits.test(text);
    }
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

  /** Returns how many bytes a valid text has. */
  private static int decodedLength(String text) {
    return text.length() / 4 * 3 - paddingOf(text);
  }

  private static boolean isBase64(char c) {
    return c < IN_ALPHABET.length && IN_ALPHABET[c];
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

  private static String withoutBlanks(String text, Blanks blanks) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean blank = c == ' ' ? blanks == Blanks.ALL : c >= '\t' && c <= '\r';
      if (!blank) {
        kept.append(c);
      }
    }
    return blanks == Blanks.AT_THE_ENDS ? kept.toString().strip() : kept.toString();
  }

  /** Removes backslashes before a slash. Not by a pattern, which would be slow on a long run. */
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder unescaped = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int end = i;
      while (end < text.length() && text.charAt(end) == '\\') {
        end++;
      }
      if (end == i) {
        unescaped.append(text.charAt(i));
        i++;
      } else {
        boolean beforeSlash = end < text.length() && text.charAt(end) == '/';
        unescaped.append(text, beforeSlash ? end : i, end);
        i = end;
      }
    }
    return unescaped.toString();
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
