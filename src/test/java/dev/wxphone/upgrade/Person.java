package dev.wxphone.upgrade;

import static dev.wxphone.core.proof.Clicks.quoted;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A user whose past a fixture holds. The files of earlier releases hold these very openids, session
 * keys and numbers, so none may change.
 */
enum Person {
  /** Logged in, and has a profile. */
  KNOWN(0),
  /** Logged in three times. */
  LOGGED_IN_THRICE(1),
  /** Logged in, and out. */
  LOGGED_OUT(2),
  /** Has a profile, and was forgotten. */
  FORGOTTEN(3),
  /** Clicked, and waits for the login. */
  WAITING(4),
  /** Clicked, was replayed, and waits for a login. */
  REPLAYED(5),
  /** Logged in, and clicked under a session key that nobody knows, and waits. */
  STALE(6),
  /** Logged in and clicked when no wxphone ran. */
  UNREAD(7);

  private final int seed;

  Person(int seed) {
    this.seed = seed;
  }

  String openid() {
    return "o-" + name().toLowerCase(java.util.Locale.ROOT);
  }

  String number() {
    return "1380000%04d".formatted(seed);
  }

  String unionid() {
    return "u-" + seed;
  }

  /** Returns one of the user's session keys, from the first login, 0, on. */
  SessionKey key(int login) {
    return Clicks.key(100L * seed + login);
  }

  /** Returns the answer of {@code jscode2session} as the login service publishes it. */
  String login(int login) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appid", quoted(Clicks.APPID));
    fields.put("openid", quoted(openid()));
    fields.put("session_key", quoted(Clicks.base64(key(login))));
    fields.put("unionid", quoted(unionid()));
    return Clicks.object(fields);
  }

  /**
   * Returns a click's payload.
   *
   * @param login under the session key of which the number is encrypted
   * @param seconds when the user clicked, since 1970
   */
  String click(int login, long seconds) {
    return Clicks.under(key(login))
        .plaintext(Plaintexts.phone(number(), number(), "86").timestamp(seconds))
        .json();
  }
}
