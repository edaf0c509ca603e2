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
  private final SessionKey sessionKey = SessionKey.of(bytes(SessionKey.LENGTH), Clicks.APPID);
  private final SessionKey previousSessionKey =
      SessionKey.of(bytes(SessionKey.LENGTH), Clicks.APPID);
  private final String number = "13%09d".formatted(RANDOM.nextInt(1_000_000_000));

  /** Returns a user whose openid belongs to this partition. */
  public static TestUser inPartition(int partition) {
    TestUser user = new TestUser();
    while (Installation.rightPartition(user.openid()) != partition) {
      user = new TestUser();
    }
    return user;
  }

  public String openid() {
    return openid;
  }

  public SessionKey sessionKey() {
    return sessionKey;
  }

  public SessionKey previousSessionKey() {
    return previousSessionKey;
  }

  /** Returns the national number, 11 digits. */
  public String number() {
    return number;
  }

  /** Returns what WeChat encrypts for a click of now. */
  public Plaintexts phone() {
    return phone(System.currentTimeMillis() / 1000);
  }

  public Plaintexts phone(long seconds) {
    return Plaintexts.phone(number, number, "86").timestamp(seconds);
  }

  /** Returns a click of now under the newest session key. */
  public Clicks click() {
    return click(sessionKey);
  }

  public Clicks click(SessionKey key) {
    return Clicks.under(key).plaintext(phone()).encryptedWithIv(bytes(16));
  }

  /** Returns the answer of {@code jscode2session} as a login service publishes it. */
  public String login() {
    return login(sessionKey);
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
