package dev.wxphone.integration.kit;

import static dev.wxphone.core.proof.Clicks.quoted;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A user of the mini-program: an openid, two session keys and a phone number of her own. */
public final class TestUser {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String openid =
      "o" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(20));
  private final SessionKey newest = SessionKey.of(bytes(SessionKey.LENGTH), Clicks.APPID);
  private final SessionKey before = SessionKey.of(bytes(SessionKey.LENGTH), Clicks.APPID);
  private final String number = "13%09d".formatted(RANDOM.nextInt(1_000_000_000));

  /** Somebody whose openid belongs into this partition. */
  public static TestUser of(int partition) {
    TestUser visitor = new TestUser();
    while (Installation.rightPartition(visitor.openid()) != partition) {
      visitor = new TestUser();
    }
    return visitor;
  }

  public String openid() {
    return openid;
  }

  public SessionKey newest() {
    return newest;
  }

  public SessionKey before() {
    return before;
  }

  /** 11 digits. */
  public String number() {
    return number;
  }

  /** What WeChat encrypts when she clicks now. */
  public Plaintexts phone() {
    return phone(System.currentTimeMillis() / 1000);
  }

  public Plaintexts phone(long seconds) {
    return Plaintexts.phone(number, number, "86").timestamp(seconds);
  }

  /** A click now, under the newest session key. */
  public Clicks click() {
    return click(newest);
  }

  public Clicks click(SessionKey key) {
    return Clicks.under(key).plaintext(phone()).encryptedWithIv(bytes(16));
  }

  /** The answer of {@code jscode2session} as the login service publishes it. */
  public String login() {
    return login(newest);
  }

  public String login(SessionKey key) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appid", quoted(Clicks.APPID));
    fields.put("openid", quoted(openid));
    fields.put("session_key", quoted(Clicks.base64(key)));
    fields.put("unionid", quoted("u" + openid.substring(1)));
    return Clicks.object(fields);
  }

  public static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
