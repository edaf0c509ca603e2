package dev.wxphone.cli;

import static dev.wxphone.proof.Clicks.quoted;

import dev.wxphone.domain.SessionKey;
import dev.wxphone.proof.Clicks;
import dev.wxphone.proof.Plaintexts;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A user of the mini-program: an openid, two session keys and a phone number of her own. */
final class Visitor {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String openid =
      "o" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(20));
  private final SessionKey newest = SessionKey.of(bytes(SessionKey.LENGTH), Clicks.APPID);
  private final SessionKey before = SessionKey.of(bytes(SessionKey.LENGTH), Clicks.APPID);
  private final String number = "13%09d".formatted(RANDOM.nextInt(1_000_000_000));

  /** Somebody whose openid belongs into this partition. */
  static Visitor of(int partition) {
    Visitor visitor = new Visitor();
    while (Installation.rightPartition(visitor.openid()) != partition) {
      visitor = new Visitor();
    }
    return visitor;
  }

  String openid() {
    return openid;
  }

  SessionKey newest() {
    return newest;
  }

  SessionKey before() {
    return before;
  }

  /** 11 digits. */
  String number() {
    return number;
  }

  /** What WeChat encrypts when she clicks now. */
  Plaintexts phone() {
    return phone(System.currentTimeMillis() / 1000);
  }

  Plaintexts phone(long seconds) {
    return Plaintexts.phone(number, number, "86").timestamp(seconds);
  }

  /** A click now, under the newest session key. */
  Clicks click() {
    return click(newest);
  }

  Clicks click(SessionKey key) {
    return Clicks.under(key).plaintext(phone()).encryptedWithIv(bytes(16));
  }

  /** The answer of {@code jscode2session} as the login service publishes it. */
  String login() {
    return login(newest);
  }

  String login(SessionKey key) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appid", quoted(Clicks.APPID));
    fields.put("openid", quoted(openid));
    fields.put("session_key", quoted(Clicks.base64(key)));
    fields.put("unionid", quoted("u" + openid.substring(1)));
    return Clicks.object(fields);
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
