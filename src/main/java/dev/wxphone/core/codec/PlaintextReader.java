package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wxphone.core.domain.Watermark;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads decrypted bytes. The fields come in any order; {@code countryCode} may be a number and
 * {@code timestamp} text.
 */
public final class PlaintextReader {
  private PlaintextReader() {}

  /**
   * Beginnings that complete an object whose first block is lost, if that is not the usual one: the
   * rest begins before or in a name, after a name, at a value, in a text, in a number or after a
   * value, or in the first name of a watermark that comes first. None has an appid.
   */
  private static final List<String> BEGINNINGS =
      List.of(
          "{\"",
          "{",
          "{\"\"",
          "{\"\":",
          "{\"\":\"",
          "{\"\":1",
          "{\"watermark\":{\"t",
          "{\"watermark\":{\"a");

  /** Reads the first {@code length} bytes. */
  public static Plaintext read(byte[] bytes, int length) {
    String text = StrictUtf8.decode(bytes, 0, length);
    return text == null ? new Plaintext.Noise() : read(text);
  }

  private static Plaintext read(String text) {
    Fields fields = new Fields();
    if (!StrictJson.read(text, fields) || fields.appid == null) {
      return new Plaintext.Noise();
    }
    PhoneClaim claim = fields.claim();
    return claim == null ? new Plaintext.Other(fields.appid) : new Plaintext.Phone(claim);
  }

  /**
   * Returns the appid of the watermark in the bytes from an offset on, if they are the end of one
   * strict JSON object that begins before the offset; otherwise null.
   */
  public static @Nullable String appidInRest(byte[] bytes, int offset, int length) {
    int start = offset;
    // A character of several bytes may begin in the block before.
    while (start < offset + 3 && start < length && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    String rest = StrictUtf8.decode(bytes, start, length - start);
    // Rejects nearly all garbage before it is parsed.
    if (rest == null || !rest.contains("ppid\"")) {
      return null;
    }
    for (String beginning : BEGINNINGS) {
      Plaintext whole = read(beginning + rest);
      if (whole instanceof Plaintext.Other other) {
        return other.appid();
      }
      if (whole instanceof Plaintext.Phone phone) {
        return phone.claim().watermark().appid();
      }
    }
    return null;
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
