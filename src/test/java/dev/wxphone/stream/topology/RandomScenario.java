package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
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
import org.jspecify.annotations.Nullable;

/**
 * A random sequence of all that can happen to the stream, and what must come out of it. It decrypts
 * nothing: it knows under which key it encrypted, and when. After each step the outputs are
 * compared.
 */
final class RandomScenario implements AutoCloseable {
  private static final List<String> HOME = TestStream.HOME.subList(0, 3);
  private static final List<String> NOT_JSON = List.of("", "{", "[]", "{}{}", "{\"iv\":\"\"}");
  private static final int KEYS = 5;
  private static final long MAX_AGE = Duration.ofDays(3).toMillis();
  private static final long AHEAD = Duration.ofMinutes(5).toMillis();

  /** What a click is, apart from its key. */
  private enum Kind {
    GOOD,
    WRONG_IV,
    SHORT_IV,
    WRONG_IV_OF_ANOTHER_ORDER,
    USER_INFO,
    OTHER_APP,
    NO_NUMBER,
    CUT,
    DENIED,
    REFUSED,
    NOT_JSON
  }

  /** A published payload, and all that its answer depends on. */
  private record Click(
      String source,
      Sent sent,
      String openid,
      Kind kind,
      int key,
      long watermark,
      String phoneNumber,
      long timestamp,
      int attempt,
      long deadline) {}

  /** What is known of an openid. */
  private static final class Known {
    final List<Integer> keys = new ArrayList<>();
    final List<Click> waiting = new ArrayList<>();
    @Nullable String unionid;
    long newestWatermark = Long.MIN_VALUE;
    @Nullable Long forgottenAt;
  }

  /** An output, as far as it can be told beforehand. */
  private record Expected(String source, String what) {}

  private final Random random;
  private final TestStream stream;
  private final int keyLimit;
  private final int waitMax;
  private final long wait;
  private final boolean reroute;
  private final Map<String, Known> known = new HashMap<>();
  private final List<Click> earlier = new ArrayList<>();

  /** Those who wait though they are more than may, since keys of their time are unread. */
  private final NavigableMap<Long, Click> excess = new TreeMap<>();

  private final List<Expected> profiles = new ArrayList<>();
  private final List<Expected> letters = new ArrayList<>();
  private final List<Expected> copies = new ArrayList<>();
  private final List<Expected> keyCopies = new ArrayList<>();
  private final List<String> published = new ArrayList<>();
  private final List<Answer> seen = new ArrayList<>();
  private final List<Answer> rerouted = new ArrayList<>();
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
    return seen;
  }

  /** Every copy of a payload. */
  List<Answer> rerouted() {
    return rerouted;
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
    compare();
  }

  /** Whoever still waits is answered. */
  void end() {
    keysReadUpTo = Long.MAX_VALUE;
    advance(60_000);
    compare();
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
    String source = publish(meant.sent);
    Click click =
        new Click(
            source,
            meant.sent,
            meant.openid,
            meant.kind,
            meant.key,
            meant.watermark,
            meant.phoneNumber,
            meant.timestamp,
            meant.attempt,
            stream.now() + wait);
    Known user = known(meant.openid);
    boolean tooMany = user.waiting.size() >= waitMax;
    if (awaitsKey(click, user) && wait > 0 && (!tooMany || stream.now() > keysReadUpTo)) {
      user.waiting.add(click);
      if (tooMany) {
        excess.put(offset(click.source), click);
      }
    } else {
      answer(click, user);
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
      if (!awaitsKey(click, user)) {
        answer(click, user);
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
    profiles.add(new Expected(source, openid + " null"));
    user.waiting.forEach(click -> answer(click, user));
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
    letters.add(new Expected(source, "MALFORMED_SESSION_KEY 0 1"));
  }

  private void misplacedPayload() {
    Sent sent = Sent.of(TestStream.AWAY, Clicks.under(key(TestStream.AWAY, 0)));
    boolean tried = random.nextInt(3) == 0;
    if (tried) {
      sent = sent.header(HeaderNames.REROUTED_FROM, "phone-payload-5@" + random.nextInt(9));
    }
    String source = publish(sent);
    if (reroute && !tried) {
      copies.add(new Expected(source, "3"));
    } else {
      letters.add(new Expected(source, "WRONG_PARTITION 0 1"));
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
      keyCopies.add(new Expected(source, "3"));
      keyCopies.add(new Expected("session-key-3", "0"));
    } else {
      letters.add(new Expected(source, "WRONG_PARTITION 0 1"));
    }
  }

  private void noOpenid() {
    byte[] key = any(Arrays.asList(null, new byte[0], new byte[513], new byte[] {-1, 'o'}));
    String source = publish(Sent.keyed(key, Clicks.under(Clicks.key(1)).value()));
    letters.add(new Expected(source, "INVALID_OPENID 0 1"));
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
    due.removeIf(click -> click.deadline > stream.now() || click.deadline > keysReadUpTo);
    due.sort(Comparator.comparingLong(Click::deadline).thenComparing(c -> offset(c.source)));
    for (Click click : due) {
      answer(click, known(click.openid));
      known(click.openid).waiting.remove(click);
    }
    endExcess();
  }

  private void endExcess() {
    while (!excess.isEmpty()) {
      Click first = excess.firstEntry().getValue();
      List<Click> waiting = known(first.openid).waiting;
      boolean tooMany = waiting.contains(first) && waiting.size() > waitMax;
      if (tooMany && first.deadline - wait > keysReadUpTo) {
        return;
      }
      if (tooMany) {
        answer(first, known(first.openid));
        waiting.remove(first);
      }
      excess.pollFirstEntry();
    }
  }

  /** As at a start, when all that is known of them is who waits. */
  private void findExcess() {
    excess.clear();
    for (Known user : known.values()) {
      for (Click click : user.waiting) {
        if (user.waiting.indexOf(click) >= waitMax) {
          excess.put(offset(click.source), click);
        }
      }
    }
  }

  private static long offset(String source) {
    return Long.parseLong(source.substring(source.indexOf('@') + 1));
  }

  // ---- what must come of it

  private static boolean forgotten(Click click, Known user) {
    return user.forgottenAt != null && click.timestamp <= user.forgottenAt;
  }

  private static boolean needsKey(Kind kind) {
    return switch (kind) {
      case CUT, DENIED, REFUSED, NOT_JSON -> false;
      default -> true;
    };
  }

  private static boolean awaitsKey(Click click, Known user) {
    return needsKey(click.kind) && !user.keys.contains(click.key) && !forgotten(click, user);
  }

  private void answer(Click click, Known user) {
    int age = user.keys.indexOf(click.key);
    int all = user.keys.size();
    boolean ivIgnored = click.kind == Kind.WRONG_IV || click.kind == Kind.SHORT_IV;
    switch (click.kind) {
      case NOT_JSON -> letter(click, Reason.MALFORMED_PAYLOAD, 0);
      case DENIED -> letter(click, Reason.USER_DENIED, 0);
      case REFUSED -> letter(click, Reason.WECHAT_REFUSED, 0);
      case CUT -> letter(click, Reason.MALFORMED_CIPHERTEXT, 0);
      default -> {
        if (age < 0) {
          letter(click, withoutKey(click, user), all);
          return;
        }
        Reason refusal = withKey(click);
        if (refusal != null) {
          letter(click, refusal, all);
        } else if (superseded(click, user)) {
          letter(click, Reason.SUPERSEDED, ivIgnored ? all : age + 1);
        } else {
          user.newestWatermark = click.watermark;
          String unionid = user.unionid == null ? "" : user.unionid;
          profiles.add(
              new Expected(
                  click.source,
                  "%s %s %d %d %d %s %s"
                      .formatted(
                          click.openid,
                          click.phoneNumber,
                          click.watermark,
                          age,
                          click.timestamp,
                          unionid,
                          ivIgnored ? "[\"iv-ignored\"]" : "")));
        }
      }
    }
  }

  private static Reason withoutKey(Click click, Known user) {
    if (forgotten(click, user)) {
      return Reason.SUPERSEDED;
    }
    if (click.kind == Kind.SHORT_IV) {
      return Reason.MALFORMED_CIPHERTEXT;
    }
    return user.keys.isEmpty() ? Reason.SESSION_KEY_MISSING : Reason.SESSION_KEY_STALE;
  }

  /** Why a click is refused though its key is known. */
  private static @Nullable Reason withKey(Click click) {
    long late = click.timestamp - click.watermark * 1000;
    boolean expired = late > MAX_AGE || -late > AHEAD;
    return switch (click.kind) {
      case USER_INFO -> Reason.MALFORMED_PLAINTEXT;
      case WRONG_IV_OF_ANOTHER_ORDER -> Reason.IV_MISMATCH;
      case OTHER_APP -> Reason.APPID_MISMATCH;
      case NO_NUMBER -> expired ? Reason.WATERMARK_EXPIRED : Reason.INVALID_PHONE_NUMBER;
      case WRONG_IV -> expired ? Reason.IV_MISMATCH : null;
      case SHORT_IV -> expired ? Reason.MALFORMED_CIPHERTEXT : null;
      default -> expired ? Reason.WATERMARK_EXPIRED : null;
    };
  }

  private static boolean superseded(Click click, Known user) {
    return click.watermark < user.newestWatermark
        || forgotten(click, user)
        || (user.forgottenAt != null && click.watermark < Math.floorDiv(user.forgottenAt, 1000));
  }

  private void letter(Click click, Reason reason, int keysTried) {
    letters.add(new Expected(click.source, reason + " " + keysTried + " " + click.attempt));
  }

  // ---- what came of it

  private void compare() {
    List<Expected> seenProfiles = new ArrayList<>();
    for (Answer profile : stream.profiles()) {
      seenProfiles.add(
          new Expected(
              profile.source(),
              profile.value() == null ? profile.openid() + " null" : described(profile)));
      if (profile.value() != null) {
        seen.add(profile);
      }
    }
    assertThat(seenProfiles).isEqualTo(profiles);
    List<Expected> seenLetters = new ArrayList<>();
    for (Answer letter : stream.letters()) {
      seenLetters.add(
          new Expected(
              letter.source(),
              letter.reason()
                  + " "
                  + letter.header(HeaderNames.KEYS_TRIED)
                  + " "
                  + letter.header(HeaderNames.ATTEMPT)));
      if (letter.source().startsWith(TestStream.PAYLOADS)) {
        seen.add(letter);
      }
    }
    assertThat(seenLetters).isEqualTo(letters);
    assertCopies(stream.payloadCopies(), copies, rerouted);
    assertCopies(stream.sessionKeyCopies(), keyCopies, new ArrayList<>());
    profiles.clear();
    letters.clear();
    copies.clear();
    keyCopies.clear();
  }

  private static String described(Answer profile) {
    return "%s %s %d %d %d %s %s"
        .formatted(
            profile.openid(),
            profile.phoneNumber(),
            profile.json().path("watermark").path("timestamp").longValue(),
            profile.sessionKeyAge(),
            profile.timestamp(),
            profile.json().path("unionid").asText(""),
            profile.json().has("repairs") ? profile.json().path("repairs").toString() : "");
  }

  private static void assertCopies(List<Answer> out, List<Expected> expected, List<Answer> all) {
    List<Expected> seen = new ArrayList<>();
    for (Answer copy : out) {
      String from = copy.header(HeaderNames.REROUTED_FROM);
      String to = copy.header(HeaderNames.REROUTED_TO);
      seen.add(new Expected(String.valueOf(from == null ? to : from), "" + copy.partition()));
    }
    assertThat(seen).isEqualTo(expected);
    all.addAll(out);
  }
}
