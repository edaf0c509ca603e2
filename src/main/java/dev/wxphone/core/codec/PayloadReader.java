package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import dev.wxphone.core.codec.Payload.Click;
import dev.wxphone.core.codec.Payload.Unusable;
import dev.wxphone.core.domain.Reason;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code e.detail} of a button with {@code open-type="getPhoneNumber"}. The text of {@code
 * errMsg} differs between versions of WeChat: {@code getPhoneNumber:fail user deny}, {@code
 * …:fail:user cancel}, {@code …:user deny}, {@code …:fail auth deny}.
 */
public final class PayloadReader {
  // "access denied" and "permission denied" are WeChat's, not the user's. Lookarounds instead of
  // \b, which matches ASCII letters only since JDK 19. The schema of phone-payload has the same.
  private static final Pattern DENIED_BY_USER =
      Pattern.compile(
          "(?<!\\w)(user|auth\\w*)\\W*(den|reject|refus|cancel)|(?<!\\w)cancel"
              + "|:(fail\\W*)?den(y|ied)(?!\\w)|用户拒绝|取消",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern REFUSED = Pattern.compile(":\\s*fail", Pattern.CASE_INSENSITIVE);
  private static final Pattern OK = Pattern.compile(":ok\\z", Pattern.CASE_INSENSITIVE);

  private PayloadReader() {}

  /** Reads a value. */
  public static Payload read(byte @Nullable [] value) {
    if (value == null) {
      return malformed("The value is null; publish e.detail of the phone button as a JSON object.");
    }
    if (value.length > InputLimits.VALUE_BYTES) {
      return malformed(
          "The value is larger than 64 KiB; publish e.detail of the phone button and nothing more.");
    }
    String text = StrictUtf8.decode(value);
    if (text == null) {
      return malformed("The value is not UTF-8; publish e.detail as JSON in UTF-8.");
    }
    Fields fields = new Fields();
    if (!StrictJson.read(text, fields)) {
      return malformed(
          "The value is not one JSON object without duplicate fields and at most 16 levels deep;"
              + " publish e.detail as it is.");
    }
    return fields.payload();
  }

  private static Unusable malformed(String detail) {
    return new Unusable(Reason.MALFORMED_PAYLOAD, detail);
  }

  private static final class Fields implements StrictJson.Fields {
    private @Nullable String encryptedData;
    private @Nullable String iv;
    private @Nullable String errMsg;
    private @Nullable String appid;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (name) {
        case "encryptedData" -> encryptedData = StrictJson.text(value);
        case "iv" -> iv = StrictJson.text(value);
        case "errMsg" -> errMsg = StrictJson.text(value);
        case "appid" -> appid = StrictJson.text(value);
        default -> value.skipChildren();
      }
    }

    Payload payload() {
      String message = errMsg == null ? "" : errMsg;
      if (!OK.matcher(message).find()) {
        if (DENIED_BY_USER.matcher(message).find()) {
          return new Unusable(
              Reason.USER_DENIED,
              "The user denied or cancelled; the user may click the phone button again.");
        }
        if (REFUSED.matcher(message).find()) {
          return new Unusable(
              Reason.WECHAT_REFUSED,
              "WeChat refused the call, as errMsg says; see that the app may use getPhoneNumber"
                  + " (verified, capability enabled, quota left).");
        }
      }
      if (encryptedData == null || iv == null) {
        return malformed(
            "The text fields encryptedData and iv are not both there, and errMsg names no refusal;"
                + " publish e.detail as the page got it.");
      }
      return new Click(encryptedData, iv, appid == null || appid.isEmpty() ? null : appid);
    }
  }
}
