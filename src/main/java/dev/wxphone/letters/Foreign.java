package dev.wxphone.letters;

import dev.wxphone.Masked;
import dev.wxphone.OneLine;
import dev.wxphone.codec.StrictUtf8;
import dev.wxphone.envelope.Letter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What came from a record, as a person may see it. */
final class Foreign {
  private static final int BYTES_SHOWN = 32;

  private Foreign() {}

  /** The text on one line, cut where it is long, phone numbers masked. */
  static String shown(String text) {
    return OneLine.of(Masked.text(text));
  }

  /** The whole text on one line, phone numbers masked. */
  static String whole(String text) {
    return OneLine.escaped(Masked.text(text));
  }

  /** The same of bytes; what is no text is shown in hexadecimal. */
  static String shown(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "(null)";
    }
    String text = StrictUtf8.decode(bytes);
    if (text != null) {
      return shown(text);
    }
    int shown = Math.min(bytes.length, BYTES_SHOWN);
    return "0x" + HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "…" : "");
  }

  /** The record's key: an openid where all is well. */
  static String openid(Letter letter) {
    return letter.key() != null && letter.key().length == 0 ? "(empty)" : shown(letter.key());
  }
}
