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
 * WeChat's side for one app. Each user has one session; a {@code wx.login} keeps its key, or
 * replaces it if the session is old. Nobody else learns which of the two it was.
 */
final class WeChat {
  private static final int KEY_BYTES = 16;

  /** The encrypted data that a click gives the page. */
  record Encrypted(byte[] ciphertext, byte[] iv) {}

  /**
   * @param number 1 for the first session of its user
   */
  private record Session(byte[] key, long beginMillis, int number) {}

  private final Random random;
  private final long lifeMillis;
  private final Map<String, Session> sessions = new HashMap<>();

  /**
   * Creates a WeChat without users.
   *
   * @param life the age from which on a {@code wx.login} replaces a session, at least 1 ms
   */
  WeChat(Random random, Duration life) {
    this.random = random;
    lifeMillis = Math.max(1, life.toMillis());
  }

  /**
   * Does a {@code wx.login} and, on the server, {@code jscode2session}, and returns the session key
   * in force from now on. The session of a user who is new here has a random age.
   */
  byte[] login(String openid, long atMillis) {
    Session known = sessions.get(openid);
    if (known == null) {
      known = new Session(bytes(KEY_BYTES), atMillis - random.nextLong(lifeMillis), 1);
    } else if (isOld(known, atMillis)) {
      known = new Session(bytes(KEY_BYTES), atMillis, known.number() + 1);
    }
    sessions.put(openid, known);
    return known.key();
  }

  /** Returns whether this user has ever logged in. */
  boolean knows(String openid) {
    return sessions.containsKey(openid);
  }

  /** Returns how many sessions this user would have had after a {@code wx.login}. */
  int sessionsAfterLogin(String openid, long atMillis) {
    Session known = sessions.get(openid);
    return known == null ? 1 : known.number() + (isOld(known, atMillis) ? 1 : 0);
  }

  /** Encrypts under the session key in force, with a random iv. */
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

  /** Forgets a user who does not return. */
  void forget(String openid) {
    sessions.remove(openid);
  }

  byte[] keyInForce(String openid) {
    return Objects.requireNonNull(sessions.get(openid), "has not logged in").key();
  }

  private boolean isOld(Session session, long atMillis) {
    return atMillis - session.beginMillis() > lifeMillis;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
