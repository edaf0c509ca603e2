package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wxphone.core.domain.Login;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.SessionKey;
import java.io.IOException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the answer of WeChat's {@code jscode2session}, with the appid that the backend adds. */
public final class LoginReader {
  /** Canonical, padded base64 of exactly 16 bytes, as WeChat writes it. */
  private static final Pattern SESSION_KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

  /** A value of {@code session-key}, read. */
  public sealed interface Read {}

  /** A login. */
  public record LoggedIn(Login login) implements Read {}

  /** A logout: nothing, or what many serializers make of null. */
  public record LoggedOut() implements Read {}

  /**
   * A value that is not a login.
   *
   * @param detail one sentence for an operator
   */
  public record Malformed(String detail) implements Read {}

  private LoginReader() {}

  /**
   * Reads a value.
   *
   * @param openid the record's key
   * @param appidNeeded true if the record must have an appid, since {@code wxphone.appids} is empty
   */
  public static Read read(byte[] value, String openid, boolean appidNeeded) {
    if (value.length > InputLimits.VALUE_BYTES) {
      return new Malformed(
          "The value is larger than 64 KiB; publish the jscode2session answer and nothing more.");
    }
    ValueText json = ValueText.of(value);
    if (json.isNull()) {
      return new LoggedOut();
    }
    Fields fields = new Fields();
    if (json.text() == null || !StrictJson.read(json.text(), fields)) {
      return new Malformed(
          "The value is not one JSON object in UTF-8 without duplicate fields; publish the"
              + " jscode2session answer with the appid.");
    }
    return fields.login(openid, appidNeeded);
  }

  private static final class Fields implements StrictJson.Fields {
    private @Nullable String sessionKey;
    private @Nullable String appid;
    private @Nullable String unionid;
    private @Nullable String openid;
    private boolean openidGiven;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (name) {
        case "session_key" -> sessionKey = StrictJson.text(value);
        case "appid" -> appid = StrictJson.text(value);
        case "unionid" -> unionid = StrictJson.text(value);
        case "openid" -> {
          openidGiven = value.currentToken() != JsonToken.VALUE_NULL;
          openid = StrictJson.text(value);
        }
        default -> value.skipChildren();
      }
    }

    Read login(String recordKey, boolean appidNeeded) {
      String base64 = sessionKey == null ? null : repaired(sessionKey);
      if (base64 == null) {
        return new Malformed(
            "There is no session_key that is base64 of 16 bytes, even after repair; publish the answer of a"
                + " jscode2session call that succeeded, as it is.");
      }
      if (openidGiven && !recordKey.equals(openid)) {
        return new Malformed(
            "The field openid is not the record's key; publish each login under its own openid.");
      }
      String app = emptyToNull(appid);
      if (app == null && appidNeeded) {
        return new Malformed(
            "There is no appid and wxphone.appids is empty; add the appid to the record, or set"
                + " wxphone.appids.");
      }
      // Both are kept with each session key, in a store whose records may not grow without bound.
      if (isTooLong(appid) || isTooLong(unionid)) {
        return new Malformed(
            "The %s is longer than %d characters; publish the jscode2session answer as it is, with the appid of the app."
                .formatted(isTooLong(appid) ? "appid" : "unionid", InputLimits.ID_CHARACTERS));
      }
      SessionKey key = SessionKey.of(Base64.getDecoder().decode(base64), app);
      return new LoggedIn(new Login(key, emptyToNull(unionid)));
    }

    /** Returns the session key as WeChat writes it, or null if no repair makes it that. */
    private static @Nullable String repaired(String text) {
      return Base64Text.repair(
          text, each -> SESSION_KEY.matcher(each).matches(), EnumSet.noneOf(Repair.class));
    }

    private static boolean isTooLong(@Nullable String id) {
      return id != null && id.codePointCount(0, id.length()) > InputLimits.ID_CHARACTERS;
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
      return text == null || text.isEmpty() ? null : text;
    }
  }
}
