package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who publishes payloads to learn what the session key makes of them is told of few a day. */
class NoOracleTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final SessionKey C = Clicks.key(3);
  private static final Plaintexts OTHER_FIRST_FIELD = Plaintexts.phone().first("purePhoneNumber");
  private static final byte[] OTHER_IV = new byte[16];
  private static final Duration DAY = Duration.ofDays(1);

  private final Random random = new Random(7);

  private Sent crafted() {
    byte[] blocks = new byte[16 * (1 + random.nextInt(8))];
    random.nextBytes(blocks);
    return Sent.of(OPENID, Clicks.under(A).ciphertext(c -> blocks));
  }

  /** Publishes so many and lets their time to wait pass; each was tried. */
  private void attack(TestStream stream, int times) {
    for (int i = 0; i < times; i++) {
      stream.payload(crafted());
    }
    stream.advance(Duration.ofSeconds(11));
    assertThat(stream.letters())
        .hasSize(times)
        .allSatisfy(
            letter -> {
              assertThat(letter.reason()).isEqualTo(SESSION_KEY_STALE);
              assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("1");
            });
  }

  private static void assertUntried(TestStream stream, Sent sent) {
    stream.payload(sent);
    Answer letter = stream.letter(SESSION_KEY_STALE);
    assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("0");
    assertThat(letter.header(HeaderNames.DETAIL))
        .contains("wxphone.session.failures", "a new session key lifts that, or a day");
  }

  @Test
  void the_51st_of_a_day_is_not_tried_and_does_not_wait_whatever_it_says_of_itself() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      attack(stream, 50);
      assertUntried(stream, crafted());
      long later = stream.now() + DAY.multipliedBy(2).toMillis();
      assertUntried(stream, crafted().at(later));
      assertUntried(stream, crafted().at(1));
      assertUntried(
          stream,
          crafted()
              .header(HeaderNames.TIMESTAMP, "" + later)
              .header(HeaderNames.ATTEMPT, "2")
              .header(HeaderNames.REPLAYED_FROM, "0@1"));
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
      stream.login(A);
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
      stream.restart();
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
      stream.payload(Sent.of(OPENID, "{}"));
      stream.letter(Reason.MALFORMED_PAYLOAD);
      stream.login(B);
      stream.click(A);
      stream.profile();
    }
  }

  @Test
  void a_day_by_our_clock_lifts_it() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      attack(stream, 50);
      stream.advance(DAY.minusSeconds(12));
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
      stream.advance(Duration.ofSeconds(2));
      stream.click(A);
      stream.profile();
    }
  }

  @Test
  void an_iv_that_is_none_counts_too() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.failures", "2").start()) {
      stream.login(A);
      for (int i = 0; i < 2; i++) {
        stream.payload(Sent.of(OPENID, Clicks.under(C).iv(iv -> Arrays.copyOf(iv, 12))));
      }
      stream.advance(Duration.ofSeconds(11));
      assertThat(stream.letters())
          .extracting(Answer::reason)
          .containsExactly(Reason.MALFORMED_CIPHERTEXT, Reason.MALFORMED_CIPHERTEXT);
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
    }
  }

  /** Where the rest of the text stays an object, and where not, tells what it is. */
  @Test
  void a_wrong_iv_that_could_not_be_ignored_counts_too() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.failures", "2").start()) {
      stream.login(A);
      for (int i = 0; i < 2; i++) {
        stream.payload(
            Sent.of(OPENID, Clicks.under(A).plaintext(OTHER_FIRST_FIELD).iv(iv -> OTHER_IV)));
        stream.letter(Reason.IV_MISMATCH);
      }
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
    }
  }

  @Test
  void after_a_logout_nothing_is_stale_whatever_was_before() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.failures", "2").start()) {
      stream.login(A);
      attack(stream, 2);
      stream.sessionKey(Sent.logout(OPENID));
      stream.click(A);
      assertThat(stream.letters()).as("it waits for its key").isEmpty();
      stream.advance(Duration.ofSeconds(11));
      stream.letter(Reason.SESSION_KEY_MISSING);
    }
  }

  @Test
  void those_that_wait_count_again_under_another_newest_key_and_not_under_the_same() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.failures", "2").start()) {
      stream.login(A);
      stream.click(C);
      stream.login(A);
      stream.advance(Duration.ofSeconds(5));
      stream.click(A);
      stream.profile();
      stream.login(B);
      stream.click(C);
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
    }
  }

  @Test
  void a_time_before_a_forgetting_is_no_way_around_it() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.failures", "2").start()) {
      stream.sessionKey(Sent.forget(OPENID));
      stream.profiles();
      stream.login(A);
      for (int i = 0; i < 2; i++) {
        stream.payload(crafted().at(1));
        stream.letter(Reason.SUPERSEDED);
      }
      stream.advance(Duration.ofSeconds(1));
      assertUntried(stream, Sent.of(OPENID, Clicks.under(A)));
    }
  }
}
