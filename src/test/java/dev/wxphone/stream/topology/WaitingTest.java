package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.APPID_MISMATCH;
import static dev.wxphone.core.domain.Reason.MALFORMED_CIPHERTEXT;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.stream.topology.TestStream.HOME;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitingTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final SessionKey C = Clicks.key(3);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration LITTLE = Duration.ofMillis(200);

  private static Sent click(SessionKey key, long watermark) {
    return Sent.of(OPENID, Clicks.under(key).plaintext(Plaintexts.phone().timestamp(watermark)));
  }

  private static List<String> sources(List<Answer> seen) {
    return seen.stream().map(Answer::source).toList();
  }

  @Test
  void a_click_without_any_key_is_answered_when_its_key_arrives() {
    try (TestStream stream = TestStream.start()) {
      String source = stream.click(A);
      stream.nothing();
      stream.login(A);
      Answer profile = stream.profile();
      assertThat(profile.source()).isEqualTo(source);
      assertThat(profile.timestamp()).isEqualTo(START);
      assertThat(stream.counts().recovered(Recovered.WAITED)).isEqualTo(1);
      assertThat(stream.counts().waitingPayloads()).isZero();
      assertThat(stream.stored(Changelogs.WAITING)).isEmpty();
      stream.advance(WAIT.multipliedBy(2));
      stream.nothing();
    }
  }

  @Test
  void a_click_of_a_key_not_known_yet_waits_through_the_arrival_of_others() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      String source = stream.click(C);
      stream.login(B);
      stream.sessionKey(Sent.login(HOME.get(1), C));
      stream.nothing();
      stream.login(C);
      assertThat(stream.profile().source()).isEqualTo(source);
    }
  }

  @Test
  void an_arriving_key_can_give_a_waiting_click_another_reason_than_a_missing_key() {
    try (TestStream stream =
        TestStream.given().setting("wxphone.appids", "wxOther," + Clicks.APPID).start()) {
      stream.click(A);
      stream.login(Clicks.key(1, "wxOther"));
      stream.letter(APPID_MISMATCH);
    }
  }

  @Test
  void at_its_deadline_a_click_is_a_letter_with_the_reason_it_would_have_had() {
    try (TestStream stream = TestStream.start()) {
      stream.click(A);
      stream.advance(WAIT.minusMillis(1));
      stream.nothing();
      stream.advance(Duration.ofMillis(101));
      Answer missing = stream.letter(SESSION_KEY_MISSING);
      assertThat(missing.header(HeaderNames.RECOVERY)).isEqualTo("replay");
      assertThat(missing.header(HeaderNames.KEYS_TRIED)).isEqualTo("0");
      assertThat(missing.header(HeaderNames.TIMESTAMP)).isEqualTo("" + START);
      assertThat(missing.timestamp()).isEqualTo(stream.now());

      stream.login(B);
      stream.login(C);
      stream.click(A);
      stream.advance(WAIT);
      assertThat(stream.letter(SESSION_KEY_STALE).header(HeaderNames.KEYS_TRIED)).isEqualTo("2");
      assertThat(stream.counts().waitingPayloads()).isZero();
    }
  }

  @Test
  void a_key_after_the_deadline_does_not_answer_twice() {
    try (TestStream stream = TestStream.start()) {
      stream.click(A);
      stream.advance(WAIT);
      stream.letter(SESSION_KEY_MISSING);
      stream.login(A);
      stream.nothing();
    }
  }

  @Test
  void other_clicks_of_the_same_openid_pass_those_that_wait() {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      String waiting = stream.click(B);
      String passing = stream.click(A);
      assertThat(stream.profile().source()).isEqualTo(passing);
      stream.payload(Sent.of(OPENID, "{}"));
      stream.letter(Reason.MALFORMED_PAYLOAD);
      stream.login(B);
      assertThat(stream.profile().source()).isEqualTo(waiting);
    }
  }

  @Test
  void those_that_wait_for_one_key_are_answered_in_order_of_arrival() {
    try (TestStream stream = TestStream.start()) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sent.add(stream.payload(click(A, Clicks.SECONDS - 10 + i)));
      }
      stream.login(A);
      assertThat(sources(stream.profiles())).isEqualTo(sent);
    }
  }

  @Test
  void of_those_that_wait_one_with_an_older_watermark_is_superseded() {
    try (TestStream stream = TestStream.start()) {
      String newer = stream.payload(click(A, Clicks.SECONDS));
      String older = stream.payload(click(A, Clicks.SECONDS - 1));
      stream.login(A);
      assertThat(sources(stream.profiles())).containsExactly(newer);
      assertThat(stream.letter(Reason.SUPERSEDED).source()).isEqualTo(older);
    }
  }

  @Test
  void without_waiting_the_letter_is_written_at_once() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.wait", "PT0S").start()) {
      stream.click(A);
      stream.letter(SESSION_KEY_MISSING);
      stream.login(B);
      stream.click(A);
      stream.letter(SESSION_KEY_STALE);
      stream.login(A);
      stream.nothing();
    }
  }

  @Test
  void one_more_than_may_wait_is_a_letter_at_once_and_other_openids_still_may() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.wait.max", "2").start()) {
      String first = stream.click(A);
      String second = stream.click(A);
      stream.nothing();
      stream.click(A);
      stream.letter(SESSION_KEY_MISSING);
      stream.payload(Sent.of(HOME.get(1), Clicks.under(A)));
      stream.nothing();
      stream.login(A);
      assertThat(sources(stream.profiles())).containsExactly(first, second);
      stream.click(B);
      stream.nothing();
    }
  }

  @Test
  void a_logout_does_not_end_waiting() {
    try (TestStream stream = TestStream.start()) {
      stream.login(B);
      stream.click(A);
      stream.logout();
      stream.nothing();
      stream.login(A);
      assertThat(stream.profile().sessionKeyAge()).isZero();
      stream.click(C);
      stream.logout();
      stream.advance(WAIT);
      stream.letter(SESSION_KEY_MISSING);
    }
  }

  @Test
  void an_iv_of_the_wrong_length_waits_too() {
    try (TestStream stream = TestStream.start()) {
      Clicks shortIv = Clicks.under(A).iv(iv -> Arrays.copyOf(iv, 12));
      stream.payload(Sent.of(OPENID, shortIv));
      stream.nothing();
      stream.login(A);
      assertThat(stream.profile().json().path("repairs")).hasToString("[\"iv-ignored\"]");
      stream.payload(Sent.of(OPENID, Clicks.under(B).iv(iv -> new byte[0])));
      stream.nothing();
      stream.advance(WAIT);
      assertThat(stream.letter(MALFORMED_CIPHERTEXT).header(HeaderNames.RECOVERY))
          .isEqualTo("click-again");
    }
  }

  private enum Hopeless {
    NO_JSON("x", Reason.MALFORMED_PAYLOAD),
    DENIED("{\"errMsg\":\"getPhoneNumber:fail user deny\"}", Reason.USER_DENIED),
    REFUSED("{\"errMsg\":\"getPhoneNumber:fail no permission\"}", Reason.WECHAT_REFUSED),
    CUT("{\"encryptedData\":\"AAAA\",\"iv\":\"AAAA\"}", MALFORMED_CIPHERTEXT);

    private final String value;
    private final Reason reason;

    Hopeless(String value, Reason reason) {
      this.value = value;
      this.reason = reason;
    }
  }

  @ParameterizedTest
  @EnumSource(Hopeless.class)
  void what_no_key_could_prove_does_not_wait(Hopeless kind) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.of(OPENID, kind.value));
      Answer letter = stream.letter(kind.reason);
      assertThat(letter.value()).isEqualTo(Sent.of(OPENID, kind.value).value());
    }
  }

  @Test
  void who_begins_to_wait_after_all_others_were_answered_is_looked_after_too() {
    try (TestStream stream = TestStream.start()) {
      for (int i = 0; i < 3; i++) {
        stream.click(A);
        stream.advance(WAIT);
        stream.letter(SESSION_KEY_MISSING);
        stream.click(B);
        stream.login(B);
        stream.profile();
        stream.logout();
        stream.advance(WAIT);
      }
    }
  }

  @Test
  void the_deadlines_of_all_openids_are_kept_in_order() {
    try (TestStream stream = TestStream.start()) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        sent.add(stream.payload(Sent.of(HOME.get(i % 5), Clicks.under(A))));
        stream.advance(LITTLE);
      }
      assertThat(stream.counts().waitingPayloads()).isEqualTo(30);
      stream.advance(WAIT);
      assertThat(sources(stream.letters())).isEqualTo(sent);
      assertThat(stream.counts().waitingPayloads()).isZero();
    }
  }

  @Test
  void openids_that_begin_alike_do_not_wait_for_each_other() {
    try (TestStream stream = TestStream.given().partitions(1).start()) {
      for (String openid : List.of("o", "oo", "o-", "ooooooooo")) {
        stream.payload(Sent.of(openid, Clicks.under(A)));
      }
      stream.sessionKey(Sent.login("oo", A));
      assertThat(stream.profile().openid()).isEqualTo("oo");
      stream.sessionKey(Sent.login("o", A));
      assertThat(stream.profile().openid()).isEqualTo("o");
    }
  }
}
