package dev.wxphone.demo.simulator;

import static dev.wxphone.demo.simulator.BackendJson.code;
import static dev.wxphone.demo.simulator.BackendJson.detail;
import static dev.wxphone.demo.simulator.BackendJson.phoneNumber;
import static dev.wxphone.demo.simulator.BackendJson.refusal;
import static dev.wxphone.demo.simulator.BackendJson.userInfo;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.demo.simulator.Publication.Kind;
import dev.wxphone.demo.simulator.WeChat.Encrypted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Plays one visit: advances a time of its own and collects what the backend publishes until then.
 * For one visit only.
 */
final class VisitPlayer {
  private static final String OTHER_APPID = "wx0123456789abcdef";
  private static final long SECOND_MILLIS = 1_000;

  /** From the launch with which a visit begins to the click. */
  private static final long CLICK_DELAY_MILLIS = 300;

  /** A click is held back for two logins, each later than the one before by this at the most. */
  private static final long MAX_HELD_BACK_MILLIS = 2 * SECOND_MILLIS;

  private final WeChat weChat;
  private final Random random;
  private final long sessionLifeMillis;
  private final SimulatedUser user;
  private final long beginMillis;
  private final List<Publication> publications = new ArrayList<>();
  private final List<Reason> deadLetters = new ArrayList<>();
  private long nowMillis;

  VisitPlayer(
      WeChat weChat, Random random, long sessionLifeMillis, SimulatedUser user, long beginMillis) {
    this.weChat = weChat;
    this.random = random;
    this.sessionLifeMillis = sessionLifeMillis;
    this.user = user;
    this.beginMillis = beginMillis;
    nowMillis = beginMillis;
  }

  /** Returns the visit with this trouble, or one that goes well. */
  Visit play(@Nullable Trouble trouble) {
    if (trouble == null) {
      launch();
      publish(clickDetail());
    } else {
      play(trouble, user.openid.getBytes(UTF_8));
    }
    user.busyUntil(nowMillis + 1);
    return new Visit(trouble, publications, deadLetters);
  }

  private void play(Trouble trouble, byte[] openid) {
    switch (trouble) {
      case LATE_LOGIN -> {
        byte[] key = login();
        advance(CLICK_DELAY_MILLIS);
        publish(clickDetail());
        advance(
            Simulator.MIN_LOGIN_DELAY_MILLIS + random.nextInt(Simulator.LOGIN_DELAY_RANGE_MILLIS));
        publishLogin(key, false);
      }
      case LOGIN_IN_CALLBACK -> {
        launch();
        byte[] detail = clickDetail();
        publishLogin(login(), false);
        publish(detail);
      }
      case LATE_CLICK -> {
        launch();
        byte[] detail = clickDetail();
        for (int i = 0; i < 2; i++) {
          advance(Math.min(sessionLifeMillis, MAX_HELD_BACK_MILLIS) + 1);
          publishLogin(login(), false);
        }
        publish(detail);
      }
      case LOST_LOGIN -> {
        ByteBuffer key = ByteBuffer.wrap(login());
        advance(CLICK_DELAY_MILLIS);
        publish(clickDetail());
        if (!user.publishedKeys.contains(key)) {
          deadLetters.add(
              user.publishedKeys.isEmpty() ? Reason.SESSION_KEY_MISSING : Reason.SESSION_KEY_STALE);
        }
        user.neverReturns();
      }
      case TWICE -> {
        byte[] key = login();
        publishLogin(key, false);
        publishLogin(key, false);
        advance(CLICK_DELAY_MILLIS);
        byte[] detail = clickDetail();
        publish(detail);
        publish(detail);
      }
      case OUT_OF_ORDER -> {
        launch();
        byte[] first = clickDetail();
        advance(SECOND_MILLIS);
        publish(clickDetail());
        publish(first, Reason.SUPERSEDED);
      }
      case MISPLACED_LOGIN -> {
        publishLogin(login(), true);
        advance(CLICK_DELAY_MILLIS);
        publish(clickDetail());
        user.neverReturns();
      }
      case MISPLACED_CLICK -> {
        launch();
        publish(openid, clickDetail(), true);
        user.neverReturns();
      }
      case SPACE_FOR_PLUS -> {
        launch();
        publish(new String(clickDetail(), UTF_8).replace('+', ' ').getBytes(UTF_8));
      }
      case WRAPPED_VALUE -> {
        launch();
        publish(wrapped(clickDetail()));
      }
      case WRONG_IV -> {
        launch();
        publish(detail(click().ciphertext(), randomIv()));
      }
      case DENIED -> {
        launch();
        publish(refusal("getPhoneNumber:fail user deny"), Reason.USER_DENIED);
      }
      case REFUSED -> {
        launch();
        publish(refusal("getPhoneNumber:fail no permission"), Reason.WECHAT_REFUSED);
      }
      case PRIVACY_DECLINED -> {
        launch();
        publish(refusal(104, "privacy permission is not authorized"), Reason.USER_DENIED);
      }
      case PHONE_NOT_BOUND -> {
        launch();
        publish(refusal("getPhoneNumber:fail 用户未绑定手机，请先在微信客户端进行绑定后重试"), Reason.PHONE_NOT_BOUND);
      }
      case CODE_ONLY -> {
        launch();
        publish(code(HexFormat.of().formatHex(randomIv())), Reason.CODE_ONLY);
      }
      case NULL_LOGOUT -> {
        // Later it would have no order with the clicks before it.
        if (user.publishedKeys.isEmpty() && user.clicks == 0) {
          add(Kind.SESSION_KEY, openid, "null".getBytes(UTF_8), false);
        }
        launch();
        publish(clickDetail());
      }
      case QUOTED_KEY -> {
        launch();
        publish(('"' + user.openid + '"').getBytes(UTF_8), clickDetail(), false);
        deadLetters.add(Reason.INVALID_OPENID);
      }
      case CUT_JSON -> {
        launch();
        byte[] detail = clickDetail();
        publish(Arrays.copyOf(detail, detail.length / 2), Reason.MALFORMED_PAYLOAD);
      }
      case CUT_CIPHERTEXT -> {
        launch();
        Encrypted click = click();
        byte[] cut = Arrays.copyOf(click.ciphertext(), click.ciphertext().length - 3);
        publish(detail(cut, click.iv()), Reason.MALFORMED_CIPHERTEXT);
      }
      case WRONG_IV_OLD_CLICK -> {
        launch();
        publish(detail(oldClick().ciphertext(), randomIv()), Reason.IV_MISMATCH);
      }
      case USER_INFO -> {
        launch();
        Encrypted click = encrypt(userInfo(user.openid), nowMillis);
        publish(detail(click.ciphertext(), click.iv()), Reason.MALFORMED_PLAINTEXT);
      }
      case OTHER_APP -> {
        launch();
        String detail = new String(clickDetail(), UTF_8);
        String named = "{\"appid\":\"" + OTHER_APPID + "\"," + detail.substring(1);
        publish(named.getBytes(UTF_8), Reason.APPID_MISMATCH);
      }
      case OLD_CLICK -> {
        launch();
        Encrypted click = oldClick();
        publish(detail(click.ciphertext(), click.iv()), Reason.WATERMARK_EXPIRED);
      }
      case NO_NUMBER -> {
        launch();
        Encrypted click = encrypt(phoneNumber("110", "86"), nowMillis);
        publish(detail(click.ciphertext(), click.iv()), Reason.INVALID_PHONE_NUMBER);
      }
      case NO_OPENID -> {
        launch();
        publish(null, clickDetail(), false);
        deadLetters.add(Reason.INVALID_OPENID);
      }
    }
  }

  private byte[] wrapped(byte[] detail) {
    return switch (random.nextInt(3)) {
      case 0 -> BackendJson.afterMark(detail);
      case 1 -> BackendJson.afterSchemaId(detail);
      default -> BackendJson.text(detail);
    };
  }

  private void advance(long millis) {
    nowMillis += millis;
  }

  /** The page logs in if it must and, as pages do, now and then without need. */
  private void launch() {
    if (!weChat.knows(user.openid) || random.nextBoolean()) {
      publishLogin(login(), false);
    }
    advance(CLICK_DELAY_MILLIS);
  }

  /** Returns the session key in force; a user who has had all her sessions keeps the last one. */
  private byte[] login() {
    return weChat.sessionsAfterLogin(user.openid, nowMillis) > Simulator.MAX_SESSIONS_PER_USER
        ? weChat.keyInForce(user.openid)
        : weChat.login(user.openid, nowMillis);
  }

  private byte[] clickDetail() {
    Encrypted click = click();
    return detail(click.ciphertext(), click.iv());
  }

  private Encrypted click() {
    return encrypt(phoneNumber(user.mobile, "86"), nowMillis);
  }

  private Encrypted oldClick() {
    return encrypt(phoneNumber(user.mobile, "86"), nowMillis - Simulator.OLD_CLICK_AGE.toMillis());
  }

  private Encrypted encrypt(ObjectNode plaintext, long atMillis) {
    plaintext
        .putObject("watermark")
        .put("timestamp", atMillis / SECOND_MILLIS)
        .put("appid", Simulator.APPID);
    return weChat.encrypt(user.openid, plaintext.toString());
  }

  private byte[] randomIv() {
    byte[] iv = new byte[16];
    random.nextBytes(iv);
    return iv;
  }

  private void publishLogin(byte[] sessionKey, boolean misplaced) {
    user.publishedKeys.add(ByteBuffer.wrap(sessionKey));
    add(
        Kind.SESSION_KEY,
        user.openid.getBytes(UTF_8),
        BackendJson.login(Simulator.APPID, user.openid, sessionKey),
        misplaced);
  }

  private void publish(byte[] detail, Reason expected) {
    deadLetters.add(expected);
    publish(detail);
  }

  private void publish(byte[] detail) {
    publish(user.openid.getBytes(UTF_8), detail, false);
  }

  private void publish(byte @Nullable [] key, byte[] detail, boolean misplaced) {
    user.clicks++;
    add(Kind.PAYLOAD, key, detail, misplaced);
  }

  private void add(Kind kind, byte @Nullable [] key, byte[] value, boolean misplaced) {
    publications.add(new Publication(kind, nowMillis - beginMillis, key, value, misplaced));
  }
}
