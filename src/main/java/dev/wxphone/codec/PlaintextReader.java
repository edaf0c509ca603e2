package dev.wxphone.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wxphone.domain.Watermark;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what came out of a decryption. The fields come in any order; {@code countryCode} may be a
 * number and {@code timestamp} text.
 */
public final class PlaintextReader {
  private PlaintextReader() {}

  /** What the first bytes are. */
  public static Plaintext read(byte[] bytes, int length) {
    String text = StrictUtf8.decode(bytes, 0, length);
    if (text == null) {
      return new Plaintext.Noise();
    }
    Fields fields = new Fields();
    if (StrictJson.read(text, fields)) {
      PhoneClaim claim = fields.claim();
      return claim == null ? new Plaintext.OtherText() : new Plaintext.Phone(claim);
    }
    return isWritten(text) ? new Plaintext.OtherText() : new Plaintext.Noise();
  }

  /**
   * Whether the bytes from an offset on are the rest of a JSON object. A wrong key makes that of 16
   * bytes or more once in about 10^11 tries, on top of the padding.
   */
  public static boolean isRestOfObject(byte[] bytes, int offset, int length) {
    int start = offset;
    // A character of several bytes may begin in the block before.
    while (start < offset + 3 && start < length && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    if (length - start < 16) {
      return false;
    }
    String text = StrictUtf8.decode(bytes, start, length - start);
    return text != null && isWritten(text) && text.stripTrailing().endsWith("}");
  }

  private static boolean isWritten(String text) {
    return text.chars()
        .noneMatch(c -> (c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7F);
  }

  private static final class Fields implements StrictJson.Fields {
    // 15 digits are 31 million years of seconds, and safe to multiply by 1000.
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,15}");

    private @Nullable String phoneNumber;
    private @Nullable String purePhoneNumber;
    private @Nullable String countryCode;
    private @Nullable String appid;
    private @Nullable String timestamp;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (name) {
        case "phoneNumber" -> phoneNumber = StrictJson.text(value);
        case "purePhoneNumber" -> purePhoneNumber = StrictJson.text(value);
        case "countryCode" -> countryCode = StrictJson.textOrNumber(value);
        case "watermark" -> {
          if (value.currentToken() == JsonToken.START_OBJECT) {
            StrictJson.readObject(value, this::watermarkField);
          } else {
            value.skipChildren();
          }
        }
        default -> value.skipChildren();
      }
    }

    private void watermarkField(String name, JsonParser value) throws IOException {
      switch (name) {
        case "appid" -> appid = StrictJson.text(value);
        case "timestamp" -> timestamp = StrictJson.textOrNumber(value);
        default -> value.skipChildren();
      }
    }

    private @Nullable PhoneClaim claim() {
      if (phoneNumber == null
          || purePhoneNumber == null
          || countryCode == null
          || appid == null
          || timestamp == null
          || !SECONDS.matcher(timestamp).matches()) {
        return null;
      }
      return new PhoneClaim(
          phoneNumber,
          purePhoneNumber,
          countryCode,
          new Watermark(appid, Long.parseLong(timestamp)));
    }
  }
}
