package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a logout or a forgetting has undone stays undone, whatever comes late. */
class UndoneTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final long MINUTE = 60_000;

  private static TestStream.Given hasty() {
    return TestStream.given().setting("wxphone.session.wait", "PT0S");
  }

  private static Sent undoing(boolean forget) {
    return forget ? Sent.forget(OPENID) : Sent.logout(OPENID);
  }

  /** As it lies on the topic when a misplaced login of this time was sent on. */
  private static Sent copy(SessionKey key, long time) {
    return Sent.login(OPENID, key, "u1")
        .header(HeaderNames.REROUTED_FROM, "session-key-3@7")
        .header(HeaderNames.TIMESTAMP, "" + time);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_copy_of_a_misplaced_login_of_before_brings_nothing_back(boolean forget) {
    try (TestStream stream = hasty().start()) {
      stream.sessionKey(undoing(forget).at(START - MINUTE));
      stream.profiles();
      stream.sessionKey(copy(A, START - 2 * MINUTE));
      stream.click(A);
      stream.letter(SESSION_KEY_MISSING);
      stream.login(B);
      stream.click(B);
      assertThat(stream.profile().json().has("unionid")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_copy_does_not_outlive_the_null_on_the_topic(boolean forget) {
    try (TestStream stream = hasty().start()) {
      stream.sessionKey(undoing(forget).at(START - MINUTE));
      stream.profiles();
      stream.sessionKey(copy(A, START - MINUTE));
      List<Answer> written = stream.sessionKeyCopies();
      assertThat(written).hasSize(1);
      assertThat(written.get(0).openid()).isEqualTo(OPENID);
      assertThat(written.get(0).value()).isNull();
      assertThat(written.get(0).partition()).isZero();
      assertThat(written.get(0).headers()).containsExactly("wxphone.rerouted-to=session-key-0");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_copy_of_a_misplaced_login_of_after_counts(boolean forget) {
    try (TestStream stream = hasty().start()) {
      stream.sessionKey(undoing(forget).at(START - 2 * MINUTE));
      stream.profiles();
      stream.sessionKey(copy(A, START - MINUTE));
      stream.click(A);
      assertThat(stream.profile().json().path("unionid").asText()).isEqualTo("u1");
      assertThat(stream.sessionKeyCopies()).isEmpty();
    }
  }

  @Test
  void a_login_that_was_not_misplaced_counts_whatever_its_time() {
    try (TestStream stream = hasty().start()) {
      stream.logout();
      stream.sessionKey(Sent.login(OPENID, A).at(START - MINUTE));
      stream.click(A);
      stream.profile();
    }
  }

  @Test
  void a_forgetting_from_a_machine_that_is_ahead_reaches_to_our_now_and_no_further() {
    try (TestStream stream = hasty().start()) {
      stream.sessionKey(Sent.forget(OPENID).at(START + 50 * MINUTE));
      stream.profiles();
      stream.login(A);
      stream.click(A);
      stream.letter(SUPERSEDED);
      stream.advance(Duration.ofSeconds(1));
      stream.click(A);
      // The watermark is of the second before; the click's record is of after.
      stream.letter(SUPERSEDED);
      stream.advance(Duration.ofSeconds(2));
      stream.payload(
          Sent.of(
              OPENID,
              Clicks.under(A).plaintext(Plaintexts.phone().timestamp(stream.now() / 1000))));
      stream.profile();
    }
  }

  @Test
  void a_logout_from_a_machine_that_is_ahead_undoes_no_copy_of_after_it() {
    try (TestStream stream = hasty().start()) {
      stream.sessionKey(Sent.logout(OPENID).at(START + 50 * MINUTE));
      stream.advance(Duration.ofSeconds(1));
      stream.sessionKey(copy(A, START + 500));
      stream.click(A);
      stream.profile();
    }
  }
}
