package dev.wxphone.upgrade;

import static dev.wxphone.core.proof.Clicks.quoted;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A user whose past a fixture holds. The files of earlier releases hold these very openids, session
 * keys and numbers, so none may change; a new one goes at the end.
 */
enum Person {
  /** Logged in, and has a profile. */
  KNOWN,
  /** Logged in three times. */
  LOGGED_IN_THRICE,
  /** Logged in, and out. */
  LOGGED_OUT,
  /** Has a profile, and was forgotten. */
  FORGOTTEN,
  /** Clicked, and waits for the login. */
  WAITING,
  /** Clicked, was replayed, and waits for a login. */
  REPLAYED,
  /** Logged in, and clicked under a session key that nobody knows, and waits. */
  STALE,
  /** Logged in and clicked when no wxphone ran. */
  UNREAD;

  String openid() {
    return "o-" + name().toLowerCase(java.util.Locale.ROOT);
  }

  String number() {
    return "1380000%04d".formatted(ordinal());
  }

  String unionid() {
    return "u-" + ordinal();
  }

  /** Returns one of the user's session keys, from the first login, 0, on. */
  SessionKey key(int login) {
    return Clicks.key(100L * ordinal() + login);
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
