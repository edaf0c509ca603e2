package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * WeChat's side for one app: each user has one session, whose key a {@code wx.login} keeps, or
 * replaces where the session is old. Nobody else knows which of the two it was.
 */
final class WeChat {
  private static final int KEY_BYTES = 16;

  /** What a click gives the page. */
  record Encrypted(byte[] ciphertext, byte[] iv) {}

  /**
   * @param number 1 for the first one of its user
   */
  private record Session(byte[] key, long began, int number) {}

  private final Random random;
  private final long life;
  private final Map<String, Session> sessions = new HashMap<>();

  /**
   * WeChat without users.
   *
   * @param life how old a session grows before a {@code wx.login} replaces it
   */
  WeChat(Random random, Duration life) {
    this.random = random;
    this.life = Math.max(1, life.toMillis());
  }

  /**
   * {@code wx.login} and, on the server, {@code jscode2session}: tells the session key in force
   * from now on. A user who is new to it has had a session for a while, nobody knows how long.
   */
  byte[] login(String openid, long atMillis) {
    Session known = sessions.get(openid);
    if (known == null) {
      known = new Session(bytes(KEY_BYTES), atMillis - random.nextLong(life), 1);
    } else if (isOld(known, atMillis)) {
      known = new Session(bytes(KEY_BYTES), atMillis, known.number() + 1);
    }
    sessions.put(openid, known);
    return known.key();
  }

  /** Whether this user has ever logged in. */
  boolean knows(String openid) {
    return sessions.containsKey(openid);
  }

  /** How many sessions this user would have had after a {@code wx.login}. */
  int sessionsAfterLogin(String openid, long atMillis) {
    Session known = sessions.get(openid);
    return known == null ? 1 : known.number() + (isOld(known, atMillis) ? 1 : 0);
  }

  /** Encrypts under the session key in force, with an iv of its own. */
  Encrypted encrypt(String openid, String plaintext) {
    byte[] iv = bytes(KEY_BYTES);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(keyInForce(openid), "AES"),
          new IvParameterSpec(iv));
      return new Encrypted(cipher.doFinal(plaintext.getBytes(UTF_8)), iv);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** This user does not come again. */
  void forget(String openid) {
    sessions.remove(openid);
  }

  byte[] keyInForce(String openid) {
    return Objects.requireNonNull(sessions.get(openid), "has not logged in").key();
  }

  private boolean isOld(Session session, long atMillis) {
    return atMillis - session.began() > life;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
