package dev.wxphone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.demo.Publication.Kind;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Users of a mini-program with WeChat's side and a backend's, and what goes wrong between them. The
 * same seed gives the same users, keys and troubles; only the time is that of the clock.
 */
public final class Simulator {
  /** The app that all of them use. */
  static final String APPID = "wx4f4bc4dec97d474b";

  private static final String OTHER_APPID = "wx0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** From the login that a visit begins with to the click. */
  private static final long CLICK_AFTER = 300;

  private static final long LATE_AT_LEAST = 200;
  private static final int LATE_AT_MOST = 2_800;
  private static final long WEEK_SECONDS = 7 * 24 * 3600;

  /** One user's visit: what was played, and what is published when. */
  record Visit(Scenario scenario, List<Publication> publications) {
    long payloads() {
      return publications.stream().filter(p -> p.kind() == Kind.PAYLOAD).count();
    }
  }

  private final Random random;
  private final int shares = Arrays.stream(Scenario.values()).mapToInt(Scenario::share).sum();

  /** Users, keys and troubles that are the same for the same seed. */
  public Simulator(long seed) {
    random = new Random(seed);
  }

  /**
   * The next user's visit.
   *
   * @param nowSeconds when the user clicks, in seconds since 1970
   */
  Visit next(long nowSeconds) {
    return play(scenario(), nowSeconds);
  }

  private Scenario scenario() {
    int drawn = random.nextInt(shares);
    for (Scenario scenario : Scenario.values()) {
      drawn -= scenario.share();
      if (drawn < 0) {
        return scenario;
      }
    }
    throw new IllegalStateException("shares do not add up");
  }

  private Visit play(Scenario scenario, long now) {
    User user = new User(openid());
    switch (scenario) {
      case PLAIN -> {
        user.login(user.newest());
        user.click(user.newest(), now);
      }
      case KEY_BEHIND_NONE_THERE -> {
        user.click(user.newest(), now);
        user.loginAfter(CLICK_AFTER + late(), user.newest());
      }
      case KEY_BEHIND_OLDER_THERE -> {
        user.login(user.before());
        user.click(user.newest(), now);
        user.loginAfter(CLICK_AFTER + late(), user.newest());
      }
      case KEY_AHEAD -> {
        user.login(user.before());
        user.login(user.newest());
        user.click(user.before(), now);
      }
      case KEY_AHEAD_BY_TWO -> {
        user.login(user.twoBefore());
        user.login(user.before());
        user.login(user.newest());
        user.click(user.twoBefore(), now);
      }
      case KEY_LOST_NONE_THERE -> user.click(user.newest(), now);
      case KEY_LOST_OLDER_THERE -> {
        user.login(user.before());
        user.click(user.newest(), now);
      }
      case PLUS_LOST -> {
        user.login(user.newest());
        user.publish(withoutPlus(phone(user.newest(), now)), false);
      }
      case WRONG_IV -> {
        user.login(user.newest());
        user.publish(detail(phone(user.newest(), now).ciphertext(), bytes(16)), false);
      }
      case PAYLOAD_MISPLACED -> {
        user.login(user.newest());
        user.publish(detail(phone(user.newest(), now)), true);
      }
      case SESSION_KEY_MISPLACED -> {
        user.publications.add(
            new Publication(Kind.SESSION_KEY, 0, user.key(), answerOf(user, user.newest()), true));
        user.click(user.newest(), now);
      }
      case TWICE -> {
        user.login(user.newest());
        byte[] detail = detail(phone(user.newest(), now));
        user.publish(detail, false);
        user.publish(detail, false);
      }
      case OUT_OF_ORDER -> {
        user.login(user.newest());
        user.click(user.newest(), now);
        user.click(user.newest(), now - 60);
      }
      case DENIED -> user.publish(refusal("getPhoneNumber:fail user deny"), false);
      case REFUSED -> user.publish(refusal("getPhoneNumber:fail no permission"), false);
      case CUT_JSON -> {
        byte[] detail = detail(phone(user.newest(), now));
        user.publish(Arrays.copyOf(detail, detail.length / 2), false);
      }
      case CUT_CIPHERTEXT -> {
        Encrypted phone = phone(user.newest(), now);
        user.login(user.newest());
        byte[] cut = Arrays.copyOf(phone.ciphertext(), phone.ciphertext().length - 3);
        user.publish(detail(cut, phone.iv()), false);
      }
      case WRONG_IV_AND_OLD -> {
        user.login(user.newest());
        byte[] ciphertext = phone(user.newest(), now - WEEK_SECONDS).ciphertext();
        user.publish(detail(ciphertext, bytes(16)), false);
      }
      case USER_INFO -> {
        user.login(user.newest());
        ObjectNode info = JSON.createObjectNode().put("openId", user.openid).put("nickName", "Li");
        user.publish(detail(encrypt(user.newest(), watermarked(info, APPID, now))), false);
      }
      case OTHER_APP -> {
        user.login(user.newest());
        ObjectNode fields = fields(mobile(), "86");
        user.publish(detail(encrypt(user.newest(), watermarked(fields, OTHER_APPID, now))), false);
      }
      case OLD_CLICK -> {
        user.login(user.newest());
        user.click(user.newest(), now - WEEK_SECONDS);
      }
      case NO_NUMBER -> {
        user.login(user.newest());
        ObjectNode fields = fields("110", "86");
        user.publish(detail(encrypt(user.newest(), watermarked(fields, APPID, now))), false);
      }
      case NO_OPENID ->
          user.publications.add(
              new Publication(
                  Kind.PAYLOAD, CLICK_AFTER, null, detail(phone(user.newest(), now)), false));
    }
    return new Visit(scenario, user.publications);
  }

  /** A user with three logins behind, the last the one in force. */
  private final class User {
    final String openid;
    final List<Publication> publications = new ArrayList<>();
    private final List<byte[]> keys = List.of(bytes(16), bytes(16), bytes(16));

    User(String openid) {
      this.openid = openid;
    }

    byte[] newest() {
      return keys.get(2);
    }

    byte[] before() {
      return keys.get(1);
    }

    byte[] twoBefore() {
      return keys.get(0);
    }

    byte[] key() {
      return openid.getBytes(UTF_8);
    }

    void login(byte[] sessionKey) {
      loginAfter(0, sessionKey);
    }

    void loginAfter(long millis, byte[] sessionKey) {
      publications.add(
          new Publication(Kind.SESSION_KEY, millis, key(), answerOf(this, sessionKey), false));
    }

    void click(byte[] sessionKey, long seconds) {
      publish(detail(phone(sessionKey, seconds)), false);
    }

    void publish(byte[] detail, boolean misplaced) {
      publications.add(new Publication(Kind.PAYLOAD, CLICK_AFTER, key(), detail, misplaced));
    }
  }

  private record Encrypted(byte[] ciphertext, byte[] iv) {}

  private Encrypted phone(byte[] sessionKey, long seconds) {
    return encrypt(sessionKey, watermarked(fields(mobile(), "86"), APPID, seconds));
  }

  private String mobile() {
    return "1%d%09d"
        .formatted(35 + random.nextInt(5), random.nextInt(1_000_000_000))
        .substring(0, 11);
  }

  private static ObjectNode fields(String national, String country) {
    return JSON.createObjectNode()
        .put("phoneNumber", national)
        .put("purePhoneNumber", national)
        .put("countryCode", country);
  }

  private static String watermarked(ObjectNode plaintext, String appid, long seconds) {
    plaintext.putObject("watermark").put("timestamp", seconds).put("appid", appid);
    return plaintext.toString();
  }

  private Encrypted encrypt(byte[] sessionKey, String plaintext) {
    byte[] iv = bytes(16);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(sessionKey, "AES"), new IvParameterSpec(iv));
      return new Encrypted(cipher.doFinal(plaintext.getBytes(UTF_8)), iv);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static byte[] detail(Encrypted phone) {
    return detail(phone.ciphertext(), phone.iv());
  }

  private static byte[] detail(byte[] ciphertext, byte[] iv) {
    return JSON.createObjectNode()
        .put("errMsg", "getPhoneNumber:ok")
        .put("encryptedData", base64(ciphertext))
        .put("iv", base64(iv))
        .toString()
        .getBytes(UTF_8);
  }

  private static byte[] withoutPlus(Encrypted phone) {
    return new String(detail(phone), UTF_8).replace('+', ' ').getBytes(UTF_8);
  }

  private static byte[] refusal(String errMsg) {
    return JSON.createObjectNode().put("errMsg", errMsg).toString().getBytes(UTF_8);
  }

  private static byte[] answerOf(User user, byte[] sessionKey) {
    return JSON.createObjectNode()
        .put("appid", APPID)
        .put("openid", user.openid)
        .put("session_key", base64(sessionKey))
        .put("unionid", "u" + user.openid.substring(1))
        .toString()
        .getBytes(UTF_8);
  }

  private long late() {
    return LATE_AT_LEAST + random.nextInt(LATE_AT_MOST);
  }

  private String openid() {
    return "o" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(20));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
