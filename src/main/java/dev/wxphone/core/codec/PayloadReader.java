package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wxphone.core.codec.Payload.Click;
import dev.wxphone.core.codec.Payload.Extras;
import dev.wxphone.core.codec.Payload.Unusable;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Repair;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code e.detail} of a button with {@code open-type="getPhoneNumber"}. */
public final class PayloadReader {
  private PayloadReader() {}

  /** Reads a value. */
  public static Payload read(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      return malformed(
          "The value is %s; publish e.detail of the phone button as a JSON object."
              .formatted(value == null ? "null" : "empty"));
    }
    if (value.length > InputLimits.VALUE_BYTES) {
      return malformed(
          "The value is larger than 64 KiB; publish e.detail of the phone button and nothing more.");
    }
    ValueText json = ValueText.of(value);
    if (json.text() == null) {
      return malformed(
          isUtf16(value)
              ? "The value is UTF-16; publish e.detail as JSON in UTF-8."
              : "The value is not UTF-8, so another serializer than one of JSON wrote it; publish"
                  + " e.detail as JSON in UTF-8.");
    }
    Fields fields = new Fields();
    String mistake = StrictJson.mistake(json.text(), fields);
    return mistake == null ? fields.payload(json.repairs()) : malformed(sentence(value, mistake));
  }

  /** Returns what a value says beside its ciphertext. */
  public static Extras extras(byte @Nullable [] value) {
    if (value == null || value.length > InputLimits.VALUE_BYTES) {
      return Extras.NONE;
    }
    String text = ValueText.of(value).text();
    Fields fields = new Fields();
    return text != null && StrictJson.read(text, fields)
        ? new Extras(fields.errno(), fields.hasCode())
        : Extras.NONE;
  }

  /** Returns what is wrong with a value that is no strict JSON object. */
  private static String sentence(byte[] value, String mistake) {
    if (isUtf16(value)) {
      return "The value is UTF-16; publish e.detail as JSON in UTF-8.";
    }
    if (value[0] == 0) {
      return "The value begins with a schema registry's prefix and is no JSON after that, so it is"
          + " Avro, Protobuf or the like; publish e.detail as JSON.";
    }
    return "The value is no single JSON object: %s; publish e.detail as it is."
        .formatted(asClause(mistake));
  }

  /** Returns a sentence as a clause of another. */
  private static String asClause(String sentence) {
    String clause = sentence.substring(0, sentence.length() - 1);
    return Character.toLowerCase(clause.charAt(0)) + clause.substring(1);
  }

  /** By its byte order mark, or by a zero in one of the first two bytes. */
  private static boolean isUtf16(byte[] value) {
    if (value.length < 2) {
      return false;
    }
    int first = value[0] & 0xFF;
    int second = value[1] & 0xFF;
    return (first == 0xFE && second == 0xFF)
        || (first == 0xFF && second == 0xFE)
        || (first == '{' && second == 0)
        || (first == 0 && second == '{');
  }

  private static Unusable malformed(String detail) {
    return new Unusable(Reason.MALFORMED_PAYLOAD, detail);
  }

  private static final class Fields implements StrictJson.Fields {
    private static final int ERRNO_CHARACTERS = 32;
    private static final Pattern ERRNO_TEXT = Pattern.compile("-?[0-9]{1,9}");
    private static final BigDecimal MAX_ERRNO = BigDecimal.valueOf(999_999_999);

    private @Nullable String encryptedData;
    private @Nullable String iv;
    private @Nullable String errMsg;
    private @Nullable String appid;
    private @Nullable String code;
    private @Nullable Integer errno;
    private boolean hasDetail;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (name) {
        case "encryptedData" -> encryptedData = StrictJson.text(value);
        case "iv" -> iv = StrictJson.text(value);
        case "errMsg" -> errMsg = StrictJson.text(value);
        case "appid" -> appid = StrictJson.text(value);
        case "code" -> code = StrictJson.text(value);
        case "errno" -> errno = integer(value);
        case "detail" -> {
          hasDetail = value.currentToken() == JsonToken.START_OBJECT;
          value.skipChildren();
        }
        default -> value.skipChildren();
      }
    }

    /** Returns a whole number, or one in a text; null if there is none. */
    private static @Nullable Integer integer(JsonParser value) throws IOException {
      boolean number = value.currentToken().isNumeric();
      String text = StrictJson.textOrNumber(value);
      if (text == null || text.length() > ERRNO_CHARACTERS) {
        return null;
      }
      if (!number) {
        return ERRNO_TEXT.matcher(text).matches() ? Integer.valueOf(text) : null;
      }
      try {
        BigDecimal exact = new BigDecimal(text);
        // Compared first, so that no huge exponent is written out.
        return exact.abs().compareTo(MAX_ERRNO) <= 0
            ? Integer.valueOf(exact.intValueExact())
            : null;
      } catch (ArithmeticException | NumberFormatException noInteger) {
        return null;
      }
    }

    @Nullable Integer errno() {
      return errno == null || errno == 0 ? null : errno;
    }

    boolean hasCode() {
      return code != null && !code.isEmpty();
    }

    Payload payload(Set<Repair> repairs) {
      boolean hasCiphertext = encryptedData != null && !encryptedData.isEmpty();
      Unusable refusal = Refusal.of(errno(), errMsg, hasCiphertext || hasCode());
      if (refusal != null) {
        return refusal;
      }
      if (!hasCiphertext && hasCode()) {
        return new Unusable(
            Reason.CODE_ONLY,
            "The page gave a code and no ciphertext, as the realtime button and mini-games do;"
                + " exchange the code at WeChat (getuserphonenumber) within 5 minutes of the click,"
                + " or later than that ask for a new click.");
      }
      if (encryptedData == null) {
        return malformed(
            hasDetail
                ? "The value is the whole event of the phone button; publish its field detail alone."
                : "There is no text encryptedData, no code and no refusal in errno or errMsg;"
                    + " publish e.detail as the page got it.");
      }
      return new Click(encryptedData, iv, appid == null || appid.isEmpty() ? null : appid, repairs);
    }
  }
}
