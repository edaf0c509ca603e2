package dev.wxphone.operator;

import dev.wxphone.core.codec.StrictUtf8;
import dev.wxphone.core.envelope.DeadLetter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What came from a record, as a person may see it. */
public final class Foreign {
  private static final int BYTES_SHOWN = 32;

  private Foreign() {}

  /** The text on one line, cut where it is long, phone numbers masked. */
  public static String shown(String text) {
    return OneLine.of(Masked.text(text));
  }

  /** The whole text on one line, phone numbers masked. */
  public static String whole(String text) {
    return OneLine.escaped(Masked.text(text));
  }

  /** The same of bytes; what is no text is shown in hexadecimal. */
  public static String shown(byte @Nullable [] bytes) {
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
  public static String openid(DeadLetter letter) {
    return letter.key() != null && letter.key().length == 0 ? "(empty)" : shown(letter.key());
  }
}
