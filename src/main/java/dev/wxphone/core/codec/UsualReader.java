package dev.wxphone.core.codec;

import static dev.wxphone.core.codec.PlainJson.NONE;

import dev.wxphone.core.domain.Watermark;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payload and the plaintext of the usual click, which needs no repair, from their bytes
 * and without a parser: {@link PlainJson}. On everything else {@link PayloadReader} and {@link
 * PlaintextReader} decide; where this reader reads anything, they read the same.
 *
 * <p>Not thread-safe.
 */
public final class UsualReader {
  private static final byte[] ENCRYPTED_DATA = PlainJson.name("encryptedData");
  private static final byte[] IV = PlainJson.name("iv");
  private static final byte[] APPID = PlainJson.name("appid");
  private static final byte[] ERRNO = PlainJson.name("errno");
  private static final byte[] ERR_MSG = PlainJson.name("errMsg");
  private static final byte[] OK = PlainJson.name(Refusal.USUAL);
  private static final byte[] PHONE_NUMBER = PlainJson.name("phoneNumber");
  private static final byte[] PURE_PHONE_NUMBER = PlainJson.name("purePhoneNumber");
  private static final byte[] COUNTRY_CODE = PlainJson.name("countryCode");
  private static final byte[] WATERMARK = PlainJson.name("watermark");
  private static final byte[] TIMESTAMP = PlainJson.name("timestamp");

  private final PlainJson json = new PlainJson();

  /** Returns what a payload encrypts, or null if it is not a usual one. */
  public @Nullable Ciphertext payload(byte @Nullable [] value) {
    if (value == null
        || value.length > InputLimits.VALUE_BYTES
        || !json.scan(value, value.length)
        || json.find(NONE, ERRNO) != NONE) {
      return null;
    }
    int errMsg = json.find(NONE, ERR_MSG);
    if (errMsg != NONE && !(json.isText(errMsg) && json.isWritten(errMsg, OK))) {
      return null;
    }
    int appid = json.find(NONE, APPID);
    if (appid != NONE && !json.isText(appid)) {
      return null;
    }
    byte[] data = base64(value, json.find(NONE, ENCRYPTED_DATA));
    byte[] iv = base64(value, json.find(NONE, IV));
    if (data == null
        || !Ciphertext.isWhole(data.length)
        || iv == null
        || iv.length != Ciphertext.BLOCK) {
      return null;
    }
    boolean named = appid != NONE && json.begin(appid) < json.end(appid);
    return new Ciphertext(data, iv, named ? json.text(appid) : null, Set.of());
  }

  /** Returns the phone number in decrypted bytes, or null if they are not a usual plaintext. */
  public @Nullable PhoneClaim plaintext(byte[] bytes, int length) {
    if (!json.scan(bytes, length)) {
      return null;
    }
    int phoneNumber = json.find(NONE, PHONE_NUMBER);
    int purePhoneNumber = json.find(NONE, PURE_PHONE_NUMBER);
    int countryCode = json.find(NONE, COUNTRY_CODE);
    int watermark = json.find(NONE, WATERMARK);
    if (!json.isText(phoneNumber)
        || !json.isText(purePhoneNumber)
        || !(json.isText(countryCode) || json.isNumber(countryCode))
        || !json.isObject(watermark)) {
      return null;
    }
    int appid = json.find(watermark, APPID);
    int timestamp = json.find(watermark, TIMESTAMP);
    if (!json.isText(appid) || !json.isNumber(timestamp)) {
      return null;
    }
    String pure = json.text(purePhoneNumber);
    return new PhoneClaim(
        json.isSame(phoneNumber, purePhoneNumber) ? pure : json.text(phoneNumber),
        pure,
        json.text(countryCode),
        new Watermark(json.text(appid), number(bytes, timestamp)));
  }

  private long number(byte[] bytes, int field) {
    long number = 0;
    for (int i = json.begin(field); i < json.end(field); i++) {
      number = 10 * number + (bytes[i] - '0');
    }
    return number;
  }

  /**
   * Decodes a text without another copy of it; null if it is none, or not base64 as it should be.
   */
  private byte @Nullable [] base64(byte[] bytes, int field) {
    if (!json.isText(field)) {
      return null;
    }
    int length = json.end(field) - json.begin(field);
    // The decoder alone accepts missing padding.
    if (length % 4 != 0) {
      return null;
    }
    try {
      ByteBuffer decoded =
          Base64.getDecoder().decode(ByteBuffer.wrap(bytes, json.begin(field), length));
      return decoded.remaining() == decoded.array().length ? decoded.array() : null;
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
