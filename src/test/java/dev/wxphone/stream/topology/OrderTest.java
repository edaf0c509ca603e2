package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.stream.topology.TestStream.HOME;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The newest watermark wins, and what was forgotten stays forgotten. */
class OrderTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);

  /** In the middle of a second, at some distance from the clicks before. */
  private static final long FORGOTTEN = Clicks.SECONDS * 1000 + 60_500;

  private static Sent click(SessionKey key, long watermark) {
    return Sent.of(OPENID, Clicks.under(key).plaintext(Plaintexts.phone().timestamp(watermark)));
  }

  @Test
  void an_older_click_is_superseded_after_a_restart_too() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.payload(click(A, Clicks.SECONDS));
      stream.profile();
      for (boolean restarted : List.of(false, true)) {
        if (restarted) {
          stream.restart();
        }
        stream.payload(click(A, Clicks.SECONDS - 1));
        Answer letter = stream.letter(SUPERSEDED);
        assertThat(letter.header(HeaderNames.RECOVERY)).isEqualTo("never");
        assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("1");
      }
      stream.payload(click(A, Clicks.SECONDS + 1));
      stream.profile();
    }
  }

  @Test
  void the_same_callback_published_twice_gives_the_same_profile_twice() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.payload(click(A, Clicks.SECONDS));
      Answer first = stream.profile();
      stream.restart();
      stream.payload(click(A, Clicks.SECONDS));
      assertThat(stream.profile().value()).isEqualTo(first.value());
    }
  }

  @Test
  void another_openid_is_not_superseded() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.click(A);
      stream.profile();
      stream.sessionKey(Sent.login(HOME.get(1), A));
      stream.payload(Sent.of(HOME.get(1), click(A, Clicks.SECONDS - 100).value()));
      stream.profile();
    }
  }

  @Test
  void a_refused_click_supersedes_nothing() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.payload(click(A, Clicks.SECONDS + 303));
      stream.letter();
      stream.payload(click(A, Clicks.SECONDS));
      stream.profile();
    }
  }

  @Test
  void forgetting_puts_a_null_in_place_of_the_profile() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.click(A);
      stream.profile();
      stream.sessionKey(Sent.forget(OPENID).header("a", "1").at(START - 5));
      Answer tombstone = stream.profile();
      assertThat(tombstone.openid()).isEqualTo(OPENID);
      assertThat(tombstone.value()).isNull();
      assertThat(tombstone.headers()).containsExactly("a=1", "wxphone.source=session-key-0@1");
      assertThat(tombstone.timestamp()).isEqualTo(START - 5);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1000, 0", "1, 1"})
  void a_request_read_once_more_leaves_the_profile_of_a_person_who_came_back(
      long later, int nulls) {
    try (TestStream stream = TestStream.given().returned(Map.of(OPENID, START - 5_000)).start()) {
      stream.login(A);
      stream.sessionKey(Sent.forget(OPENID).at(START - 5_000 + later));
      assertThat(stream.profiles()).hasSize(nulls);
      // What was known of it is gone in any case.
      stream.click(A);
      stream.advance(Duration.ofSeconds(10));
      stream.letter(SESSION_KEY_MISSING);
    }
  }

  @Test
  void forgetting_drops_keys_and_unionid() {
    try (TestStream stream = TestStream.start()) {
      stream.sessionKey(Sent.login(OPENID, A, "u1"));
      stream.sessionKey(Sent.forget(OPENID).at(Clicks.SECONDS * 1000 - 5_000));
      stream.profile();
      stream.click(A);
      stream.nothing();
      stream.advance(Duration.ofSeconds(10));
      stream.letter(SESSION_KEY_MISSING);
      stream.login(A);
      stream.click(A);
      assertThat(stream.profile().json().has("unionid")).isFalse();
    }
  }

  @Test
  void forgetting_answers_all_who_wait() {
    try (TestStream stream = TestStream.start()) {
      String upTo = stream.payload(click(A, Clicks.SECONDS).at(START));
      stream.advance(Duration.ofSeconds(2));
      // Read before the forgetting, and yet made after it: the two topics have no order.
      String later = stream.payload(click(A, Clicks.SECONDS + 2).at(START + 2_000));
      stream.sessionKey(Sent.forget(OPENID).at(START));
      assertThat(stream.profiles()).singleElement().satisfies(t -> assertThat(t.value()).isNull());
      assertThat(stream.letters())
          .extracting(Answer::source, Answer::reason)
          .containsExactly(tuple(upTo, SUPERSEDED), tuple(later, SESSION_KEY_MISSING));
    }
  }

  @Test
  void a_publishers_clock_that_is_ahead_carries_no_waiting_click_past_the_forgetting() {
    try (TestStream stream = TestStream.start()) {
      String ahead = stream.payload(click(A, Clicks.SECONDS + 250).at(START + 250_000));
      stream.advance(Duration.ofSeconds(1));
      stream.sessionKey(Sent.forget(OPENID).at(START + 1_000));
      assertThat(stream.letters())
          .extracting(Answer::source, Answer::reason)
          .containsExactly(tuple(ahead, SUPERSEDED));
    }
  }

  @Test
  void clicks_up_to_the_forgetting_are_superseded_and_later_ones_are_not() {
    try (TestStream stream = TestStream.start()) {
      stream.advance(Duration.ofMinutes(5));
      stream.sessionKey(Sent.forget(OPENID).at(FORGOTTEN));
      stream.profile();
      for (boolean keyKnown : List.of(false, true)) {
        if (keyKnown) {
          stream.login(A);
        }
        stream.payload(click(A, Clicks.SECONDS).at(Clicks.RECORD_TIME));
        stream.letter(SUPERSEDED);
        stream.payload(click(A, Clicks.SECONDS).at(FORGOTTEN));
        stream.letter(SUPERSEDED);
        stream.restart();
      }
      // A record made late, or stamped by somebody who would like it so.
      stream.payload(click(A, FORGOTTEN / 1000 - 1).at(FORGOTTEN + 5_000));
      stream.letter(SUPERSEDED);
      stream.payload(click(A, FORGOTTEN / 1000).at(FORGOTTEN + 1));
      stream.profile();
      stream.payload(click(A, FORGOTTEN / 1000 + 1).at(FORGOTTEN + 1_000));
      stream.profile();
      stream.payload(
          click(A, FORGOTTEN / 1000 + 2)
              .at(FORGOTTEN + 3_000)
              .header(HeaderNames.TIMESTAMP, "" + FORGOTTEN));
      stream.letter(SUPERSEDED);
    }
  }

  @Test
  void what_is_malformed_stays_so_after_a_forgetting() {
    try (TestStream stream = TestStream.start()) {
      stream.sessionKey(Sent.forget(OPENID).at(START));
      stream.profile();
      stream.payload(Sent.of(OPENID, "{}").at(START - 1));
      stream.letter(MALFORMED_PAYLOAD);
    }
  }

  @Test
  void a_forgetting_read_late_does_not_bring_back_what_a_later_one_forgot() {
    try (TestStream stream = TestStream.start()) {
      stream.advance(Duration.ofMinutes(5));
      stream.sessionKey(Sent.forget(OPENID).at(FORGOTTEN));
      stream.sessionKey(Sent.forget(OPENID).at(Clicks.SECONDS * 1000 - 1));
      assertThat(stream.profiles()).hasSize(2);
      stream.login(A);
      stream.payload(click(A, Clicks.SECONDS).at(Clicks.RECORD_TIME));
      stream.letter(SUPERSEDED);
    }
  }

  @Test
  void profiles_stay_in_order_after_a_forgetting() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.payload(click(A, Clicks.SECONDS + 100));
      stream.profile();
      stream.sessionKey(Sent.forget(OPENID).at(Clicks.SECONDS * 1000));
      stream.profile();
      stream.login(B);
      stream.payload(click(B, Clicks.SECONDS + 99));
      stream.letter(SUPERSEDED);
      stream.payload(click(B, Clicks.SECONDS + 100));
      stream.profile();
    }
  }

  @Test
  void one_person_is_forgotten_and_no_other() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.click(B);
      stream.sessionKey(Sent.forget(HOME.get(1)));
      assertThat(stream.profile().openid()).isEqualTo(HOME.get(1));
      stream.click(A);
      stream.profile();
      stream.login(B);
      stream.profile();
    }
  }
}
