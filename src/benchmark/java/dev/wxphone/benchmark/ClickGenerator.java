package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the logins and clicks of numbered users, the same for the same numbers. Each user has any
 * number of session keys, called generations.
 */
final class ClickGenerator {
  static final String APPID = "wx4f4bc4dec97d474b";

  private static final Base64.Encoder BASE64 = Base64.getEncoder();
  private static final int OPENID_BYTES = 20;
  private static final int BLOCK = 16;

  private final Cipher cipher;
  private final Random random;
  private long seconds;

  /**
   * Creates a generator.
   *
   * @param seconds when the clicks are made, in seconds since 1970
   */
  ClickGenerator(long seed, long seconds) {
    this.random = new Random(seed);
    this.seconds = seconds;
    try {
      cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** Sets when the next clicks are made, in seconds since 1970. */
  void at(long later) {
    seconds = later;
  }

  static byte[] openid(int user) {
    byte[] bytes = bytes(user * 7919L + 13, OPENID_BYTES);
    return ("o" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)).getBytes(UTF_8);
  }

  static byte[] sessionKey(int user, int generation) {
    return bytes(user * 104729L + generation * 15_485_863L + 1, BLOCK);
  }

  static byte[] login(int user, int generation) {
    String key = BASE64.encodeToString(sessionKey(user, generation));
    return ("{\"appid\":\"" + APPID + "\",\"session_key\":\"" + key + "\"}").getBytes(UTF_8);
  }

  /** Returns the payload of a click with a new number and a new iv. */
  String click(int user, int generation) {
    byte[] iv = new byte[BLOCK];
    random.nextBytes(iv);
    String number = "138" + (10_000_000 + random.nextInt(89_999_999));
    String plaintext =
        "{\"phoneNumber\":\""
            + number
            + "\",\"purePhoneNumber\":\""
            + number
            + "\",\"countryCode\":\"86\",\"watermark\":{\"timestamp\":"
            + seconds
            + ",\"appid\":\""
            + APPID
            + "\"}}";
    return "{\"errMsg\":\"getPhoneNumber:ok\",\"encryptedData\":\""
        + BASE64.encodeToString(encrypt(sessionKey(user, generation), iv, plaintext))
        + "\",\"iv\":\""
        + BASE64.encodeToString(iv)
        + "\"}";
  }

  private byte[] encrypt(byte[] key, byte[] iv, String plaintext) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(plaintext.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] bytes(long seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
