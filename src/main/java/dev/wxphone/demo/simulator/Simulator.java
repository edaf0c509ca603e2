package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.demo.simulator.Publication.Kind;
import dev.wxphone.demo.simulator.WeChat.Encrypted;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Users of a mini-program who come and come back, WeChat with their sessions, a backend that
 * publishes what it hears of both, and what goes wrong between them. The same seed and the same
 * times give the same users, keys and troubles.
 *
 * <p>What the answer to each payload must be is known under the settings that {@link Foresight}
 * tells, however slowly or unevenly the two topics are read. That is why a user has one visit at a
 * time, comes back only when all of it is published, leaves before there are more sessions or
 * clicks than wxphone keeps or lets wait, and does not come back from a visit whose login is lost
 * or whose records go astray: those have no order with what a next visit would publish.
 */
public final class Simulator {
  /** The app that all of them use. */
  public static final String APPID = "wx4f4bc4dec97d474b";

  /** The default of {@code wxphone.session.keys}. */
  public static final int SESSIONS_OF_A_USER = 3;

  /** The default of {@code wxphone.session.wait.max}. */
  public static final int CLICKS_OF_A_USER = 8;

  private static final String OTHER_APPID = "wx0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** From the launch that a visit begins with to the click, in milliseconds, as all times here. */
  private static final long CLICK_AFTER = 300;

  private static final long LATE_AT_LEAST = 200;
  private static final int LATE_AT_MOST = 2_800;
  private static final long SECOND = 1_000;
  private static final long WEEK = 7 * 24 * 3600 * SECOND;

  /** No login that is published at all is later than so long after its click. */
  public static final Duration LATEST_LOGIN = Duration.ofMillis(LATE_AT_LEAST + LATE_AT_MOST);

  /** How old a click of last week is at the least; others are of now. */
  public static final Duration AGE_OF_AN_OLD_CLICK = Duration.ofMillis(WEEK);

  /** A click is held back for two logins, each so much later at the most. */
  private static final long HELD_BACK_AT_MOST = 2 * SECOND;

  /** No visit has more: a click published twice, or two of them. */
  private static final int PAYLOADS_OF_A_VISIT = 2;

  /**
   * Who comes, and what goes wrong.
   *
   * @param users how many come back
   * @param sessionLife how old a session grows before a {@code wx.login} replaces it
   */
  public record Options(int users, Duration sessionLife, Troubles troubles) {
    /** What a demo of some hundred payloads shows all of. */
    public static Options usual() {
      return new Options(100, Duration.ofSeconds(1), Troubles.usual());
    }
  }

  /**
   * One user's visit.
   *
   * @param trouble null where all goes well
   * @param publications what is published when, in order of time
   * @param letters what becomes of the payloads among them; the others become profiles
   */
  record Visit(@Nullable Trouble trouble, List<Publication> publications, List<Reason> letters) {
    long payloads() {
      return publications.stream().filter(p -> p.kind() == Kind.PAYLOAD).count();
    }
  }

  private final Random random;
  private final Options options;
  private final WeChat weChat;
  private final Map<Integer, User> users = new HashMap<>();

  /** The usual options. */
  public Simulator(long seed) {
    this(seed, Options.usual());
  }

  /** Users, keys and troubles that are the same for the same seed. */
  public Simulator(long seed, Options options) {
    this.random = new Random(seed);
    this.options = options;
    this.weChat = new WeChat(random, options.sessionLife());
  }

  /**
   * The next visit.
   *
   * @param atMillis when it begins, since 1970; not before the visit before it
   * @param atMost how many payloads it may have, at least 1
   */
  Visit next(long atMillis, long atMost) {
    Optional<Trouble> drawn = options.troubles().draw(random);
    Trouble trouble =
        drawn
            .filter(
                t ->
                    atMost >= PAYLOADS_OF_A_VISIT
                        || !(t == Trouble.TWICE || t == Trouble.OUT_OF_ORDER))
            .orElse(null);
    Stay stay = new Stay(user(atMillis), atMillis);
    stay.play(trouble);
    return stay.end(trouble);
  }

  /** Somebody who comes back, or somebody new in the place of one who is busy or done. */
  private User user(long at) {
    int place = random.nextInt(options.users());
    User user = users.get(place);
    if (user == null || !user.isFree(at) || hasHadEnough(user, at)) {
      if (user != null) {
        weChat.forget(user.openid);
      }
      user = new User();
      users.put(place, user);
    }
    return user;
  }

  private boolean hasHadEnough(User user, long at) {
    return user.clicks + PAYLOADS_OF_A_VISIT > CLICKS_OF_A_USER
        || weChat.sessionsAfterLogin(user.openid, at) > SESSIONS_OF_A_USER;
  }

  /** A person, and what the backend has published of her sessions. */
  private final class User {
    final String openid = "o" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(20));
    final String mobile = "1%d%08d".formatted(35 + random.nextInt(5), random.nextInt(100_000_000));
    final Set<ByteBuffer> published = new HashSet<>();
    int clicks;
    long busyUntil = Long.MIN_VALUE;

    boolean isFree(long at) {
      return busyUntil <= at;
    }

    void neverComesBack() {
      busyUntil = Long.MAX_VALUE;
    }
  }

  /** One visit while it is played: a time that goes on, and what is published by then. */
  private final class Stay {
    private final User user;
    private final long began;
    private final List<Publication> publications = new ArrayList<>();
    private final List<Reason> letters = new ArrayList<>();
    private long at;

    Stay(User user, long began) {
      this.user = user;
      this.began = began;
      this.at = began;
    }

    void play(@Nullable Trouble trouble) {
      if (trouble == null) {
        launch();
        publish(detail(click()));
        return;
      }
      switch (trouble) {
        case LATE_LOGIN -> {
          byte[] key = login();
          pass(CLICK_AFTER);
          publish(detail(click()));
          pass(LATE_AT_LEAST + random.nextInt(LATE_AT_MOST));
          publishLogin(key, false);
        }
        case LOGIN_IN_CALLBACK -> {
          launch();
          Encrypted click = click();
          publishLogin(login(), false);
          publish(detail(click));
        }
        case LATE_CLICK -> {
          launch();
          Encrypted click = click();
          for (int i = 0; i < 2; i++) {
            pass(Math.min(options.sessionLife().toMillis(), HELD_BACK_AT_MOST) + 1);
            publishLogin(login(), false);
          }
          publish(detail(click));
        }
        case LOST_LOGIN -> {
          ByteBuffer key = ByteBuffer.wrap(login());
          pass(CLICK_AFTER);
          publish(detail(click()));
          if (!user.published.contains(key)) {
            letters.add(
                user.published.isEmpty() ? Reason.SESSION_KEY_MISSING : Reason.SESSION_KEY_STALE);
          }
          user.neverComesBack();
        }
        case TWICE -> {
          byte[] key = login();
          publishLogin(key, false);
          publishLogin(key, false);
          pass(CLICK_AFTER);
          byte[] detail = detail(click());
          publish(detail);
          publish(detail);
        }
        case OUT_OF_ORDER -> {
          launch();
          Encrypted first = click();
          pass(SECOND);
          publish(detail(click()));
          publish(detail(first), Reason.SUPERSEDED);
        }
        case MISPLACED_LOGIN -> {
          publishLogin(login(), true);
          pass(CLICK_AFTER);
          publish(detail(click()));
          user.neverComesBack();
        }
        case MISPLACED_CLICK -> {
          launch();
          publish(user.openid.getBytes(UTF_8), detail(click()), true);
          user.neverComesBack();
        }
        case SPACE_FOR_PLUS -> {
          launch();
          publish(new String(detail(click()), UTF_8).replace('+', ' ').getBytes(UTF_8));
        }
        case WRONG_IV -> {
          launch();
          publish(detail(click().ciphertext(), bytes(16)));
        }
        case DENIED -> {
          launch();
          publish(refusal("getPhoneNumber:fail user deny"), Reason.USER_DENIED);
        }
        case REFUSED -> {
          launch();
          publish(refusal("getPhoneNumber:fail no permission"), Reason.WECHAT_REFUSED);
        }
        case CUT_JSON -> {
          launch();
          byte[] detail = detail(click());
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
          publish(
              detail(encrypt(phone(), APPID, at - WEEK).ciphertext(), bytes(16)),
              Reason.IV_MISMATCH);
        }
        case USER_INFO -> {
          launch();
          ObjectNode info =
              JSON.createObjectNode().put("openId", user.openid).put("nickName", "Band");
          publish(detail(encrypt(info, APPID, at)), Reason.MALFORMED_PLAINTEXT);
        }
        case OTHER_APP -> {
          launch();
          String detail = new String(detail(click()), UTF_8);
          String named = "{\"appid\":\"" + OTHER_APPID + "\"," + detail.substring(1);
          publish(named.getBytes(UTF_8), Reason.APPID_MISMATCH);
        }
        case OLD_CLICK -> {
          launch();
          publish(detail(encrypt(phone(), APPID, at - WEEK)), Reason.WATERMARK_EXPIRED);
        }
        case NO_NUMBER -> {
          launch();
          publish(detail(encrypt(numbers("110", "86"), APPID, at)), Reason.INVALID_PHONE_NUMBER);
        }
        case NO_OPENID -> {
          launch();
          publish(null, detail(click()), false);
          letters.add(Reason.INVALID_OPENID);
        }
      }
    }

    Visit end(@Nullable Trouble trouble) {
      user.busyUntil = Math.max(user.busyUntil, at + 1);
      return new Visit(trouble, publications, letters);
    }

    private void pass(long millis) {
      at += millis;
    }

    /** The page logs in where it must and, as pages do, now and then where it need not. */
    private void launch() {
      if (!weChat.knows(user.openid) || random.nextBoolean()) {
        publishLogin(login(), false);
      }
      pass(CLICK_AFTER);
    }

    /** One who has had her sessions does not log in any more. */
    private byte[] login() {
      return weChat.sessionsAfterLogin(user.openid, at) > SESSIONS_OF_A_USER
          ? weChat.keyInForce(user.openid)
          : weChat.login(user.openid, at);
    }

    private Encrypted click() {
      return encrypt(phone(), APPID, at);
    }

    private ObjectNode phone() {
      return numbers(user.mobile, "86");
    }

    private Encrypted encrypt(ObjectNode plaintext, String appid, long millis) {
      plaintext.putObject("watermark").put("timestamp", millis / SECOND).put("appid", appid);
      return weChat.encrypt(user.openid, plaintext.toString());
    }

    // ---- the backend

    private void publishLogin(byte[] sessionKey, boolean misplaced) {
      user.published.add(ByteBuffer.wrap(sessionKey));
      add(
          Kind.SESSION_KEY,
          user.openid.getBytes(UTF_8),
          answer(user.openid, sessionKey),
          misplaced);
    }

    private void publish(byte[] detail, Reason letter) {
      letters.add(letter);
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
      publications.add(new Publication(kind, at - began, key, value, misplaced));
    }
  }

  private static ObjectNode numbers(String national, String country) {
    return JSON.createObjectNode()
        .put("phoneNumber", national)
        .put("purePhoneNumber", national)
        .put("countryCode", country);
  }

  private static byte[] detail(Encrypted click) {
    return detail(click.ciphertext(), click.iv());
  }

  private static byte[] detail(byte[] ciphertext, byte[] iv) {
    return JSON.createObjectNode()
        .put("errMsg", "getPhoneNumber:ok")
        .put("encryptedData", base64(ciphertext))
        .put("iv", base64(iv))
        .toString()
        .getBytes(UTF_8);
  }

  private static byte[] refusal(String errMsg) {
    return JSON.createObjectNode().put("errMsg", errMsg).toString().getBytes(UTF_8);
  }

  private static byte[] answer(String openid, byte[] sessionKey) {
    return JSON.createObjectNode()
        .put("appid", APPID)
        .put("openid", openid)
        .put("session_key", base64(sessionKey))
        .put("unionid", "u" + openid.substring(1))
        .toString()
        .getBytes(UTF_8);
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
