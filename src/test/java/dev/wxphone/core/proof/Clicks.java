package dev.wxphone.core.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.wxphone.core.domain.SessionKey;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A click of the phone button: what WeChat encrypts under a session key, and the {@code e.detail}
 * that the backend publishes. Encrypted by the JCE with its own padding, so that what is tested has
 * no part in it.
 */
public final class Clicks {
  public static final String OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
  public static final String APPID = "wx4f4bc4dec97d474b";

  /** When the user clicked: WeChat's time, in seconds since 1970. */
  public static final long SECONDS = 1_477_314_187;

  /** When the click's record was made, in milliseconds since 1970. */
  public static final long RECORD_TIME = SECONDS * 1000 + 1_500;

  /** Its base64 is full of {@code +} and {@code /}. */
  private static final byte[] IV = new byte[16];

  static {
    Arrays.fill(IV, (byte) 0xFB);
  }

  private final SessionKey key;
  private final Map<String, String> others = new LinkedHashMap<>();
  private byte[] plaintext = Plaintexts.phone().bytes();
  private byte[] iv = IV.clone();
  private UnaryOperator<byte[]> onCiphertext = UnaryOperator.identity();
  private UnaryOperator<byte[]> onIv = UnaryOperator.identity();
  private UnaryOperator<String> onDataText = UnaryOperator.identity();
  private UnaryOperator<String> onIvText = UnaryOperator.identity();

  private Clicks(SessionKey key) {
    this.key = key;
    others.put("errMsg", quoted("getPhoneNumber:ok"));
  }

  /** A click of the user of {@link Plaintexts#phone()}. */
  public static Clicks under(SessionKey key) {
    return new Clicks(key);
  }

  /** A session key of {@link #APPID}, the same for the same seed. */
  public static SessionKey key(long seed) {
    return key(seed, APPID);
  }

  public static SessionKey key(long seed, @Nullable String appid) {
    byte[] bytes = new byte[SessionKey.LENGTH];
    new Random(seed).nextBytes(bytes);
    return SessionKey.of(bytes, appid);
  }

  /** As the login service publishes it. */
  public static String base64(SessionKey key) {
    return Base64.getEncoder().encodeToString(key.revealBytes());
  }

  public Clicks plaintext(Plaintexts phone) {
    return plaintext(phone.bytes());
  }

  public Clicks plaintext(String text) {
    return plaintext(text.getBytes(UTF_8));
  }

  public Clicks plaintext(byte[] bytes) {
    plaintext = bytes.clone();
    return this;
  }

  /** The iv that WeChat encrypts with; it is sent too, unless {@link #iv} says otherwise. */
  public Clicks encryptedWithIv(byte[] sixteen) {
    iv = sixteen.clone();
    return this;
  }

  /** What becomes of the ciphertext on its way. */
  public Clicks ciphertext(UnaryOperator<byte[]> change) {
    onCiphertext = change;
    return this;
  }

  /** What becomes of the iv on its way. */
  public Clicks iv(UnaryOperator<byte[]> change) {
    onIv = change;
    return this;
  }

  /** What becomes of the base64 of {@code encryptedData} on its way. */
  public Clicks dataText(UnaryOperator<String> change) {
    onDataText = change;
    return this;
  }

  /** What becomes of the base64 of {@code iv} on its way. */
  public Clicks ivText(UnaryOperator<String> change) {
    onIvText = change;
    return this;
  }

  public Clicks errMsg(String text) {
    return field("errMsg", quoted(text));
  }

  public Clicks appid(String text) {
    return field("appid", quoted(text));
  }

  /** A field of the payload, as JSON. */
  public Clicks field(String name, String json) {
    others.put(name, json);
    return this;
  }

  public Clicks without(String name) {
    others.remove(name);
    return this;
  }

  /** {@code encryptedData}, as it is published. */
  public String encryptedData() {
    byte[] ciphertext = onCiphertext.apply(encrypt(key.revealBytes(), iv, plaintext));
    return onDataText.apply(Base64.getEncoder().encodeToString(ciphertext));
  }

  /** The payload, {@code e.detail} as the page got it. */
  public String json() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("encryptedData", quoted(encryptedData()));
    fields.put(
        "iv", quoted(onIvText.apply(Base64.getEncoder().encodeToString(onIv.apply(iv.clone())))));
    fields.putAll(others);
    return object(fields);
  }

  /** The record's value. */
  public byte[] value() {
    return json().getBytes(UTF_8);
  }

  /** AES-128-CBC with PKCS#7 padding. */
  public static byte[] encrypt(byte[] key, byte[] iv, byte[] plaintext) {
    return encrypt("AES/CBC/PKCS5Padding", key, iv, plaintext);
  }

  /** AES-128-CBC of whole blocks that bring their own padding, or none. */
  static byte[] encryptBlocks(byte[] key, byte[] iv, byte[] padded) {
    return encrypt("AES/CBC/NoPadding", key, iv, padded);
  }

  private static byte[] encrypt(String how, byte[] key, byte[] iv, byte[] plaintext) {
    try {
      Cipher cipher = Cipher.getInstance(how);
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The same bytes with one bit flipped. */
  public static UnaryOperator<byte[]> flip(int bit) {
    return bytes -> {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (0x80 >> bit % 8);
      return flipped;
    };
  }

  /** A text as JSON. */
  public static String quoted(String text) {
    return "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }

  /** A JSON object of fields that are JSON already. */
  public static String object(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> quoted(field.getKey()) + ":" + field.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }
}
