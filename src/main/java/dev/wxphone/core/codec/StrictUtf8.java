package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/** Decodes UTF-8 by RFC 3629: no overlong form, no surrogate, no truncated sequence. */
public final class StrictUtf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private StrictUtf8() {}

  /** Returns the text, or null if the bytes are not UTF-8. */
  public static @Nullable String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** Returns the text of a range of the bytes, or null if it is not UTF-8. */
  public static @Nullable String decode(byte[] bytes, int offset, int length) {
    // The JDK's fast path replaces malformed input, so only a text with the replacement character
    // needs the slow path, which distinguishes it from one in the input.
    String text = new String(bytes, offset, length, UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }
}
