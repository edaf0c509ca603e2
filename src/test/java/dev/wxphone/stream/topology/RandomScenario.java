package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.topology.ExpectedOutputs.Click;
import dev.wxphone.stream.topology.ExpectedOutputs.Kind;
import dev.wxphone.stream.topology.ExpectedOutputs.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random sequence of all events that the stream handles. After each step its outputs are compared
 * with the {@link ExpectedOutputs}.
 */
final class RandomScenario implements AutoCloseable {
  private static final List<String> HOME = TestStream.HOME.subList(0, 3);
  private static final List<String> NOT_JSON = List.of(" ", "{", "[]", "{}{}", "{\"iv\":\"\"}");
  private static final int KEYS = 5;
  private static final long MAX_AGE = Duration.ofDays(3).toMillis();
  private static final long AHEAD = Duration.ofMinutes(5).toMillis();

  private final Random random;
  private final TestStream stream;
  private final int keyLimit;
  private final int waitMax;
  private final long wait;
  private final boolean reroute;
  private final Map<String, Known> known = new HashMap<>();
  private final List<Click> earlier = new ArrayList<>();

  /** Waiting clicks beyond the maximum, kept since session keys of their time are unread. */
  private final NavigableMap<Long, Click> excess = new TreeMap<>();

  private final ExpectedOutputs expected = new ExpectedOutputs();
  private final List<String> published = new ArrayList<>();
  private long keysReadUpTo = Long.MAX_VALUE;

  RandomScenario(long seed) {
    random = new Random(seed * 7_919 + 1);
    keyLimit = 1 + random.nextInt(3);
    waitMax = 1 + random.nextInt(4);
    wait = random.nextInt(5) == 0 ? 0 : 1_000 * (1 + random.nextInt(10));
    reroute = random.nextInt(4) > 0;
    stream =
        TestStream.given()
            .setting("wxphone.session.failures", "1000")
            .setting("wxphone.session.keys", "" + keyLimit)
            .setting("wxphone.session.wait.max", "" + waitMax)
            .setting("wxphone.session.wait", Duration.ofMillis(wait).toString())
            .setting("wxphone.reroute", "" + reroute)
            .horizon((partition, instant) -> instant <= keysReadUpTo)
            .start();
  }

  @Override
  public void close() {
    stream.close();
  }

  /** The coordinates of every payload. */
  List<String> published() {
    return published;
  }

  /** Every answer to a payload, profiles in order. */
  List<Answer> seen() {
    return expected.seen();
  }

  /** Every copy of a payload. */
  List<Answer> rerouted() {
    return expected.rerouted();
  }

  void step() {
    int dice = random.nextInt(100);
    if (dice < 45) {
      click();
    } else if (dice < 50 && !earlier.isEmpty()) {
      publish(any(earlier));
    } else if (dice < 69) {
      login();
    } else if (dice < 73) {
      logout();
    } else if (dice < 75) {
      forget();
    } else if (dice < 78) {
      brokenSessionKey();
    } else if (dice < 83) {
      misplacedPayload();
    } else if (dice < 86) {
      misplacedSessionKey();
    } else if (dice < 89) {
      noOpenid();
    } else if (dice < 99) {
      timePasses();
    } else {
      stream.restart();
      findExcess();
    }
    expected.compare(stream);
  }

  /** Answers every payload that still waits. */
  void end() {
    keysReadUpTo = Long.MAX_VALUE;
    advance(60_000);
    expected.compare(stream);
    assertThat(stream.counts().waitingPayloads()).isZero();
  }

  // ---- what happens

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private Known known(String openid) {
    return known.computeIfAbsent(openid, unseen -> new Known());
  }

  private static SessionKey key(String openid, int number) {
    return Clicks.key(openid.hashCode() * 31L + number);
  }

  private void click() {
    String openid = any(HOME);
    Known user = known(openid);
    int key = user.keys.isEmpty() || random.nextInt(3) == 0 ? random.nextInt(KEYS) : any(user.keys);
    Kind kind = random.nextInt(3) > 0 ? Kind.GOOD : any(List.of(Kind.values()));
    long recordTime = stream.now() - random.nextInt(20_000);
    Sent headers = Sent.logout(openid).at(recordTime);
    long timestamp = recordTime;
    int attempt = 1;
    switch (random.nextInt(12)) {
      case 0 -> headers = headers.header(HeaderNames.TIMESTAMP, "" + (recordTime + 1));
      case 1 -> {
        timestamp = recordTime - random.nextInt(600_000);
        headers = headers.header(HeaderNames.TIMESTAMP, "" + timestamp);
      }
      case 2 -> headers = headers.header(HeaderNames.TIMESTAMP, "soon");
      case 3 -> {
        attempt = 2 + random.nextInt(9);
        headers = headers.header(HeaderNames.ATTEMPT, "" + attempt);
      }
      case 4 -> headers = headers.header(HeaderNames.ATTEMPT, any(List.of("0", "1001", "2x")));
      case 5 -> headers = headers.header(HeaderNames.SOURCE, "phone-payload-0@0");
      case 6 -> headers = headers.header(HeaderNames.REROUTED_FROM, "phone-payload-0@0");
      case 7 -> headers = headers.header(HeaderNames.REASON, "SUPERSEDED").header("a", "1");
      default -> {}
    }
    long watermark =
        switch (random.nextInt(15)) {
          case 0 -> (timestamp - MAX_AGE) / 1000 - random.nextInt(3) + 1;
          case 1 -> (timestamp + AHEAD) / 1000 + random.nextInt(3) - 1;
          default -> timestamp / 1000 - random.nextInt(6);
        };
    String number = "135" + (10_000_000 + random.nextInt(90_000_000));
    byte[] value = value(openid, kind, key, watermark, number);
    Sent sent = new Sent(headers.key(), value, headers.headers(), headers.at());
    Click click = new Click("", sent, openid, kind, key, watermark, number, timestamp, attempt, 0);
    earlier.add(click);
    publish(click);
  }

  private byte[] value(String openid, Kind kind, int key, long watermark, String number) {
    Plaintexts phone = Plaintexts.phone(number, number, "86").timestamp(watermark);
    Clicks click = Clicks.under(key(openid, key));
    return switch (kind) {
      case GOOD -> click.plaintext(phone).value();
      case WRONG_IV -> click.plaintext(phone).iv(RandomScenario::inverted).value();
      case SHORT_IV -> click.plaintext(phone).iv(iv -> Arrays.copyOf(iv, 12)).value();
      case WRONG_IV_OF_ANOTHER_ORDER ->
          click.plaintext(phone.first("purePhoneNumber")).iv(RandomScenario::inverted).value();
      case USER_INFO ->
          click
              .plaintext(
                  "{\"nickName\":\"a quite ordinary user\",\"watermark\":{\"appid\":\""
                      + Clicks.APPID
                      + "\"}}")
              .value();
      case OTHER_APP -> click.plaintext(phone).appid("wxOther").value();
      case NO_NUMBER -> click.plaintext(phone.field("countryCode", "\"0\"")).value();
      case CUT -> click.plaintext(phone).ciphertext(c -> Arrays.copyOf(c, 17)).value();
      case UNBOUND -> "{\"errMsg\":\"getPhoneNumber:fail 用户未绑定手机\"}".getBytes(UTF_8);
      case CODE_ALONE -> "{\"code\":\"c\"}".getBytes(UTF_8);
      case DENIED -> "{\"errMsg\":\"getPhoneNumber:fail user deny\"}".getBytes(UTF_8);
      case REFUSED -> "{\"errMsg\":\"getPhoneNumber:fail no permission\"}".getBytes(UTF_8);
      case NOT_JSON -> any(NOT_JSON).getBytes(UTF_8);
    };
  }

  private static byte[] inverted(byte[] iv) {
    byte[] inverted = iv.clone();
    for (int i = 0; i < iv.length; i++) {
      inverted[i] = (byte) ~iv[i];
    }
    return inverted;
  }

  private void publish(Click meant) {
    String source = publish(meant.sent());
    Click click =
        new Click(
            source,
            meant.sent(),
            meant.openid(),
            meant.kind(),
            meant.key(),
            meant.watermark(),
            meant.phoneNumber(),
            meant.timestamp(),
            meant.attempt(),
            stream.now() + wait);
    Known user = known(meant.openid());
    boolean tooMany = user.waiting.size() >= waitMax;
    if (ExpectedOutputs.awaitsKey(click, user)
        && wait > 0
        && (!tooMany || stream.now() > keysReadUpTo)) {
      user.waiting.add(click);
      if (tooMany) {
        excess.put(offset(click.source()), click);
      }
    } else {
      expected.answer(click, user);
    }
  }

  private String publish(Sent sent) {
    String source = stream.payload(sent);
    published.add(source);
    return source;
  }

  private void login() {
    String openid = any(HOME);
    Known user = known(openid);
    int key = random.nextInt(KEYS);
    String unionid = any(Arrays.asList(null, null, "", "u1", "u2"));
    stream.sessionKey(Sent.login(openid, key(openid, key), unionid));
    user.keys.remove((Integer) key);
    user.keys.add(0, key);
    while (user.keys.size() > keyLimit) {
      user.keys.remove(keyLimit);
    }
    user.unionid = unionid == null || unionid.isEmpty() ? user.unionid : unionid;
    answerWaiting(user);
  }

  private void answerWaiting(Known user) {
    for (Click click : List.copyOf(user.waiting)) {
      if (!ExpectedOutputs.awaitsKey(click, user)) {
        expected.answer(click, user);
        user.waiting.remove(click);
      }
    }
  }

  private void logout() {
    String openid = any(HOME);
    stream.sessionKey(Sent.logout(openid));
    known(openid).keys.clear();
  }

  private void forget() {
    String openid = any(HOME);
    long at = stream.now() - random.nextInt(15_000);
    String source = stream.sessionKey(Sent.forget(openid).at(at));
    Known user = known(openid);
    user.keys.clear();
    user.unionid = null;
    user.forgottenAt = user.forgottenAt == null ? at : Math.max(at, user.forgottenAt);
    expected.profileRemoved(source, openid);
    user.waiting.forEach(click -> expected.answer(click, user));
    user.waiting.clear();
  }

  private void brokenSessionKey() {
    String openid = any(HOME);
    Sent sent =
        switch (random.nextInt(3)) {
          case 0 -> Sent.of(openid, any(NOT_JSON));
          case 1 -> Sent.login(openid, Clicks.key(1, null));
          default -> Sent.of(openid, Sent.login("another", Clicks.key(1)).value());
        };
    String source = stream.sessionKey(sent);
    expected.letter(source, Reason.MALFORMED_SESSION_KEY);
  }

  private void misplacedPayload() {
    Sent sent = Sent.of(TestStream.AWAY, Clicks.under(key(TestStream.AWAY, 0)));
    boolean tried = random.nextInt(3) == 0;
    if (tried) {
      sent = sent.header(HeaderNames.REROUTED_FROM, "phone-payload-5@" + random.nextInt(9));
    }
    String source = publish(sent);
    if (reroute && !tried) {
      expected.copy(source, 3);
    } else {
      expected.letter(source, Reason.WRONG_PARTITION);
    }
  }

  private void misplacedSessionKey() {
    String openid = TestStream.AWAY;
    Sent sent = random.nextBoolean() ? Sent.login(openid, key(openid, 0)) : Sent.logout(openid);
    if (random.nextInt(4) == 0) {
      stream.sessionKey(Sent.logout(any(HOME)).header(HeaderNames.REROUTED_TO, "session-key-3"));
    }
    String source = stream.sessionKey(sent);
    if (reroute) {
      expected.sessionKeyCopy(source, 3);
      expected.sessionKeyCopy("session-key-3", 0);
    } else {
      expected.letter(source, Reason.WRONG_PARTITION);
    }
  }

  private void noOpenid() {
    byte[] key = any(Arrays.asList(null, new byte[0], new byte[513], new byte[] {-1, 'o'}));
    String source = publish(Sent.keyed(key, Clicks.under(Clicks.key(1)).value()));
    expected.letter(source, Reason.INVALID_OPENID);
  }

  private void timePasses() {
    if (random.nextInt(4) == 0) {
      keysReadUpTo = random.nextBoolean() ? Long.MAX_VALUE : stream.now() - random.nextInt(20_000);
    }
    advance(200 + random.nextInt(6_000));
  }

  private void advance(long milliseconds) {
    stream.advance(Duration.ofMillis(milliseconds));
    List<Click> due = new ArrayList<>();
    known.values().forEach(user -> due.addAll(user.waiting));
    due.removeIf(click -> click.deadline() > stream.now() || click.deadline() > keysReadUpTo);
    due.sort(Comparator.comparingLong(Click::deadline).thenComparing(c -> offset(c.source())));
    for (Click click : due) {
      expected.answer(click, known(click.openid()));
      known(click.openid()).waiting.remove(click);
    }
    endExcess();
  }

  private void endExcess() {
    while (!excess.isEmpty()) {
      Click first = excess.firstEntry().getValue();
      List<Click> waiting = known(first.openid()).waiting;
      boolean tooMany = waiting.contains(first) && waiting.size() > waitMax;
      if (tooMany && first.deadline() - wait > keysReadUpTo) {
        return;
      }
      if (tooMany) {
        expected.answer(first, known(first.openid()));
        waiting.remove(first);
      }
      excess.pollFirstEntry();
    }
  }

  /** Finds the excess as a restarted stream does, from the waiting clicks alone. */
  private void findExcess() {
    excess.clear();
    for (Known user : known.values()) {
      for (Click click : user.waiting) {
        if (user.waiting.indexOf(click) >= waitMax) {
          excess.put(offset(click.source()), click);
        }
      }
    }
  }

  private static long offset(String source) {
    return Long.parseLong(source.substring(source.indexOf('@') + 1));
  }
}
