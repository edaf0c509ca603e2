package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.store.UserStateFormat;
import dev.wxphone.topics.Changelogs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored of idle users goes, and no answer changes by it. */
class IdleUsersTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);

  /** As the topic files have it. */
  private static final Duration LETTERS_KEPT = DAY.multipliedBy(30);

  /** The least that a start allows: with the maximum age of a watermark. */
  private static final Duration IDLE = LETTERS_KEPT.plusDays(3);

  private static TestStream.Given given() {
    return TestStream.given().setting("wxphone.users.idle", IDLE.toString());
  }

  /** The sweep may begin in the middle, and what is idle goes at the second look. */
  private static void sweep(TestStream stream) {
    for (int look = 0; look < 5; look++) {
      stream.advance(IdleSweep.INTERVAL);
    }
  }

  private static int users(TestStream stream) {
    // One is the version.
    return Math.max(0, stream.stored(Changelogs.USERS).size() - 1);
  }

  private static Sent clickAt(String openid, SessionKey key, long millis) {
    return Sent.of(openid, Clicks.under(key).plaintext(Plaintexts.phone().timestamp(millis / 1000)))
        .at(millis);
  }

  @Test
  void a_user_without_a_sign_for_so_long_goes() {
    try (TestStream stream = given().start()) {
      stream.login(A);
      stream.advance(IDLE);
      sweep(stream);
      assertThat(users(stream)).isEqualTo(1);
      stream.advance(DAY);
      sweep(stream);
      assertThat(users(stream)).isZero();
      assertThat(stream.counts().idleUsers()).isEqualTo(1);
      stream.payload(clickAt(TestStream.OPENID, A, stream.now()));
      stream.advance(Duration.ofMinutes(1));
      stream.letter(Reason.SESSION_KEY_MISSING);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"login", "click", "stale click", "logout", "forget"})
  void any_sign_keeps_a_user(String sign) {
    try (TestStream stream = given().start()) {
      stream.login(A);
      stream.advance(IDLE.minusDays(2));
      switch (sign) {
        case "login" -> stream.login(A);
        case "click" -> stream.payload(clickAt(TestStream.OPENID, A, stream.now()));
        case "stale click" -> stream.payload(clickAt(TestStream.OPENID, B, stream.now()));
        case "logout" -> stream.logout();
        default -> stream.sessionKey(Sent.forget(TestStream.OPENID));
      }
      stream.advance(Duration.ofSeconds(11));
      stream.advance(IDLE.minusDays(2));
      sweep(stream);
      assertThat(users(stream)).isEqualTo(1);
      stream.advance(DAY.multipliedBy(3));
      sweep(stream);
      assertThat(users(stream)).isZero();
    }
  }

  @Test
  void a_user_whose_payload_waits_stays() {
    try (TestStream stream = given().horizon((partition, instant) -> false).start()) {
      stream.login(A);
      stream.payload(clickAt(TestStream.OPENID, B, stream.now()));
      stream.advance(IDLE.plusDays(2));
      sweep(stream);
      assertThat(users(stream)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobody_goes_while_records_are_unread(boolean payloads) {
    boolean[] read = {false};
    Horizon unread = (partition, instant) -> read[0];
    TestStream.Given given = payloads ? given().payloadHorizon(unread) : given().horizon(unread);
    try (TestStream stream = given.start()) {
      stream.login(A);
      stream.advance(IDLE.plusDays(2));
      sweep(stream);
      assertThat(users(stream)).isEqualTo(1);
      read[0] = true;
      sweep(stream);
      assertThat(users(stream)).isZero();
    }
  }

  @Test
  void nobody_goes_before_the_task_has_read_a_record() {
    try (TestStream stream = given().start()) {
      stream.login(A);
      stream.readNoFences();
      stream.restart();
      stream.advance(IDLE.plusDays(2));
      sweep(stream);
      assertThat(users(stream)).isEqualTo(1);
    }
  }

  @Test
  void what_the_format_before_has_stored_is_idle_from_now_on() {
    try (TestStream stream = given().start()) {
      stream.login(A);
      stream
          .stored(Changelogs.USERS)
          .replaceAll((key, value) -> value.length == 1 ? new byte[] {1} : ofFormat1(A));
      stream.restart();
      stream.advance(IDLE.plusDays(2));
      sweep(stream);
      assertThat(users(stream)).isEqualTo(1);
      stream.payload(clickAt(TestStream.OPENID, A, stream.now()));
      stream.profile();
      stream.advance(IDLE.plusDays(3));
      sweep(stream);
      assertThat(users(stream)).isZero();
    }
  }

  private static byte[] ofFormat1(SessionKey key) {
    byte[] appid = String.valueOf(key.appid()).getBytes(UTF_8);
    return ByteBuffer.allocate(1 + 8 + 8 + 4 + 1 + 1 + 16 + 4 + appid.length)
        .put((byte) 1)
        .putLong(Long.MIN_VALUE)
        .putLong(Long.MIN_VALUE)
        .putInt(-1)
        .put((byte) 1)
        .put((byte) 0)
        .put(key.revealBytes())
        .putInt(appid.length)
        .put(appid)
        .array();
  }

  @Test
  void a_superseded_key_goes_when_no_payload_can_need_it() {
    try (TestStream stream = given().start()) {
      stream.login(A);
      stream.login(B);
      for (int days = 0; days < 80; days += 10) {
        assertThat(keys(stream)).as("after %d days", days).isEqualTo(2);
        stream.advance(DAY.multipliedBy(10));
        stream.payload(clickAt(TestStream.OPENID, B, stream.now()));
        sweep(stream);
      }
      assertThat(keys(stream)).isEqualTo(1);
      stream.profiles();
      stream.payload(clickAt(TestStream.OPENID, B, stream.now()));
      stream.profile();
    }
  }

  private static int keys(TestStream stream) {
    NavigableMap<Bytes, byte[]> stored = stream.stored(Changelogs.USERS);
    byte[] state = stored.get(Bytes.wrap(TestStream.OPENID.getBytes(UTF_8)));
    return UserStateFormat.read(state).keys().size();
  }

  /** A dead letter that may be replayed. */
  private record Letter(Sent payload, long timestamp, int attempt, long appendedAt, String id) {}

  /** Two streams get the same records, and one of them drops users. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void no_answer_differs_from_that_of_a_stream_that_keeps_all(long seed) {
    Random random = new Random(seed);
    Map<Reason, Integer> replayed = new HashMap<>();
    int profiles = 0;
    try (TestStream dropping = given().start();
        TestStream keeping = TestStream.given().setting("wxphone.users.idle", "P36500D").start()) {
      List<TestStream> both = List.of(dropping, keeping);
      Map<String, List<SessionKey>> keys = new HashMap<>();
      Map<String, Long> signs = new HashMap<>();
      Map<String, Long> since = new HashMap<>();
      Map<String, Sent> sent = new HashMap<>();
      List<Letter> letters = new ArrayList<>();
      for (int step = 0; step < 1_500; step++) {
        long now = dropping.now();
        String openid = TestStream.HOME.get(random.nextInt(TestStream.HOME.size()));
        List<SessionKey> known = keys.computeIfAbsent(openid, unseen -> new ArrayList<>());
        // Who comes back after being idle logs in before anything else.
        boolean there = now - signs.getOrDefault(openid, UserState.NEVER / 2) < IDLE.toMillis();
        int dice = random.nextInt(100);
        if (dice < 20 || (!there && dice < 60)) {
          if (!there) {
            // A backend publishes no click of before, or it would have been on the topic.
            since.put(openid, now);
          }
          known.add(0, Clicks.key(random.nextLong()).at(now));
          Sent login = Sent.login(openid, known.get(0), "u-" + openid);
          both.forEach(stream -> stream.sessionKey(login));
          signs.put(openid, now);
        } else if (dice < 24 && there) {
          Sent gone = random.nextBoolean() ? Sent.logout(openid) : Sent.forget(openid);
          both.forEach(stream -> stream.sessionKey(gone));
          signs.put(openid, now);
        } else if (dice < 60 && there) {
          long at =
              Math.max(
                  now - random.nextInt((int) DAY.toMillis() * 6), since.getOrDefault(openid, 0L));
          // Under the key of its time, or under one that was never published.
          boolean published = random.nextInt(6) > 0;
          SessionKey key =
              known.stream()
                  .filter(login -> published && login.loggedInAt() <= at)
                  .findFirst()
                  .orElseGet(() -> Clicks.key(random.nextLong()));
          Sent click = clickAt(openid, key, at);
          String source = "";
          for (TestStream stream : both) {
            source = stream.payload(click);
          }
          sent.put(source, click);
          signs.put(openid, now);
        } else if (dice < 80 && !letters.isEmpty()) {
          Letter letter = letters.remove(random.nextInt(letters.size()));
          if (now - letter.appendedAt() < LETTERS_KEPT.toMillis() && letter.attempt() < 6) {
            Sent replay =
                letter
                    .payload()
                    .at(now)
                    .header(HeaderNames.TIMESTAMP, "" + letter.timestamp())
                    .header(HeaderNames.ATTEMPT, "" + (letter.attempt() + 1))
                    .header(HeaderNames.REPLAYED_FROM, letter.id());
            String source = "";
            for (TestStream stream : both) {
              source = stream.payload(replay);
            }
            sent.put(source, letter.payload());
          }
        } else {
          Duration pass = Duration.ofHours(random.nextInt(24 * 8));
          for (TestStream stream : both) {
            stream.advance(pass);
            sweep(stream);
          }
        }
        both.forEach(stream -> stream.advance(Duration.ofSeconds(11)));
        List<Answer> answers = dropping.answers();
        assertThat(answers.stream().map(IdleUsersTest::content).toList())
            .as("seed %d, step %d", seed, step)
            .isEqualTo(keeping.answers().stream().map(IdleUsersTest::content).toList());
        for (Answer answer : answers) {
          Sent payload = sent.get(String.valueOf(answer.header(HeaderNames.SOURCE)));
          if (payload == null) {
            continue;
          }
          if (answer.header(HeaderNames.REASON) == null) {
            profiles++;
          } else if ("replay".equals(answer.header(HeaderNames.RECOVERY))) {
            replayed.merge(answer.reason(), 1, Integer::sum);
            letters.add(
                new Letter(
                    payload,
                    Long.parseLong(String.valueOf(answer.header(HeaderNames.TIMESTAMP))),
                    Integer.parseInt(String.valueOf(answer.header(HeaderNames.ATTEMPT))),
                    dropping.now(),
                    "0@" + step));
          }
        }
      }
      assertThat(profiles).isGreaterThan(100);
      assertThat(replayed).containsKeys(Reason.SESSION_KEY_STALE, Reason.SESSION_KEY_MISSING);
      assertThat(dropping.counts().idleUsers()).isGreaterThan(5);
      assertThat(keeping.counts().idleUsers()).isZero();
    }
  }

  /** All but how many keys were tried, since superseded ones may be gone. */
  private static String content(Answer answer) {
    List<String> headers = new ArrayList<>(answer.headers());
    headers.removeIf(header -> header.startsWith(HeaderNames.KEYS_TRIED));
    String value = answer.value() == null ? "" : new String(answer.value(), UTF_8);
    return answer.record().topic() + answer.timestamp() + headers + value;
  }
}
