package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/** UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing cut off. */
public final class StrictUtf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private StrictUtf8() {}

  /** The text, or null where the bytes are not UTF-8. */
  public static @Nullable String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** The text of a part of the bytes, or null where they are not UTF-8. */
  public static @Nullable String decode(byte[] bytes, int offset, int length) {
    // The JDK's fast path replaces what is malformed; only a text that holds the replacement
    // character needs the slow one, to tell whether it was really there.
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
