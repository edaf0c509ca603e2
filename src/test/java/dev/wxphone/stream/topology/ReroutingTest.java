package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.core.domain.Reason.WRONG_PARTITION;
import static dev.wxphone.stream.topology.TestStream.AWAY;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
import dev.wxphone.topics.Changelogs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records in a partition where Kafka's default partitioner would not put their key. */
class ReroutingTest {
  private static final SessionKey KEY = Clicks.key(1);
  private static final long MADE = START - 400;

  private static Sent misplacedClick() {
    return Sent.of(AWAY, Clicks.under(KEY)).at(MADE);
  }

  @Test
  void the_openids_of_these_tests_lie_where_they_are_said_to() {
    assertThat(TestStream.HOME)
        .allSatisfy(o -> assertThat(Partitioning.of(o.getBytes(UTF_8), 8)).isZero());
    assertThat(Partitioning.of(AWAY.getBytes(UTF_8), 8)).isEqualTo(3);
  }

  @Test
  void a_misplaced_payload_is_sent_once_more_into_its_partition() {
    try (TestStream stream = TestStream.start()) {
      stream.click(KEY);
      String source =
          stream.payload(
              misplacedClick()
                  .header("a", "1")
                  .header(HeaderNames.SOURCE, "forged")
                  .header(HeaderNames.REROUTED_FROM, "forged")
                  .header(HeaderNames.FORGET, "forged")
                  .header(HeaderNames.REASON, "forged")
                  .header("__streams.errors.offset", "forged")
                  .header("a", "2"));
      List<Answer> copies = stream.payloadCopies();
      assertThat(copies).hasSize(1);
      Answer copy = copies.get(0);
      assertThat(copy.partition()).isEqualTo(3);
      assertThat(copy.key()).isEqualTo(misplacedClick().key());
      assertThat(copy.value()).isEqualTo(misplacedClick().value());
      assertThat(copy.headers())
          .containsExactly(
              "a=1", "a=2", "wxphone.rerouted-from=" + source, "wxphone.timestamp=" + MADE);
      assertThat(copy.timestamp()).isEqualTo(START);
      assertThat(stream.counts().reroutedRecords()).isEqualTo(1);
      assertThat(source).isEqualTo("phone-payload-0@1");
      stream.nothing();
    }
  }

  @Test
  void the_copy_of_a_replayed_payload_stays_a_replayed_one() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(
          misplacedClick()
              .header(HeaderNames.TIMESTAMP, "" + (MADE - 5))
              .header(HeaderNames.REPLAYED_FROM, "4@2")
              .header(HeaderNames.ATTEMPT, "3"));
      assertThat(stream.payloadCopies().get(0).headers())
          .containsExactly(
              "wxphone.rerouted-from=phone-payload-0@0",
              "wxphone.timestamp=" + (MADE - 5),
              "wxphone.replayed-from=4@2",
              "wxphone.attempt=3");
    }
  }

  @Test
  void a_null_payload_is_sent_on_and_forgets_nobody() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.forget(AWAY).at(MADE));
      assertThat(stream.payloadCopies().get(0).headers())
          .containsExactly("wxphone.rerouted-from=phone-payload-0@0", "wxphone.timestamp=" + MADE);
      stream.nothing();
    }
  }

  @Test
  void a_copy_of_a_record_from_the_future_is_not_older_than_it() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(misplacedClick().at(START + 60_000));
      Answer copy = stream.payloadCopies().get(0);
      assertThat(copy.timestamp()).isEqualTo(START + 60_000);
      assertThat(copy.header(HeaderNames.TIMESTAMP)).isEqualTo("" + (START + 60_000));
    }
  }

  @Test
  void the_answer_to_a_copy_is_as_if_the_record_had_been_right_at_first() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      String source =
          stream.payload(
              Sent.of(OPENID, Clicks.under(KEY))
                  .header(HeaderNames.REROUTED_FROM, "phone-payload-3@5")
                  .header(HeaderNames.TIMESTAMP, "" + MADE));
      Answer profile = stream.profile();
      assertThat(profile.headers())
          .containsExactly("wxphone.source=" + source, "wxphone.rerouted-from=phone-payload-3@5");
      assertThat(profile.timestamp()).isEqualTo(MADE);
      assertThat(stream.counts().recovered(Recovered.REROUTED)).isEqualTo(1);
    }
  }

  @Test
  void a_record_is_never_sent_on_twice() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(misplacedClick().header(HeaderNames.REROUTED_FROM, "phone-payload-2@5"));
      Answer letter = stream.letter(WRONG_PARTITION);
      assertThat(letter.header(HeaderNames.REROUTED_FROM)).isEqualTo("phone-payload-2@5");
      stream.sessionKey(Sent.login(AWAY, KEY).header(HeaderNames.REROUTED_FROM, "session-key-2@5"));
      stream.letter(WRONG_PARTITION);
      stream.nothing();
    }
  }

  @Test
  void a_misplaced_login_is_sent_on_and_a_null_takes_its_place() {
    try (TestStream stream = TestStream.start()) {
      Sent login = Sent.login(AWAY, KEY, "u").at(MADE);
      stream.sessionKey(login.header("a", "1").header(HeaderNames.FORGET, ""));
      List<Answer> out = stream.sessionKeyCopies();
      assertThat(out).hasSize(2);
      Answer copy = out.get(0);
      assertThat(copy.partition()).isEqualTo(3);
      assertThat(copy.key()).isEqualTo(login.key());
      assertThat(copy.value()).isEqualTo(login.value());
      assertThat(copy.headers())
          .containsExactly(
              "a=1", "wxphone.rerouted-from=session-key-0@0", "wxphone.timestamp=" + MADE);
      assertThat(copy.timestamp()).isEqualTo(START);
      Answer placeholder = out.get(1);
      assertThat(placeholder.partition()).isZero();
      assertThat(placeholder.key()).isEqualTo(login.key());
      assertThat(placeholder.value()).isNull();
      assertThat(placeholder.headers()).containsExactly("wxphone.rerouted-to=session-key-3");
      assertThat(placeholder.timestamp()).isEqualTo(START);
      assertThat(stream.stored(Changelogs.USERS)).isEmpty();
      stream.nothing();
    }
  }

  @Test
  void a_misplaced_logout_and_a_misplaced_forgetting_are_sent_on_as_such() {
    try (TestStream stream = TestStream.start()) {
      stream.sessionKey(Sent.logout(AWAY).at(MADE));
      Answer logout = stream.sessionKeyCopies().get(0);
      assertThat(logout.value()).isNull();
      assertThat(logout.headers())
          .containsExactly("wxphone.rerouted-from=session-key-0@0", "wxphone.timestamp=" + MADE);
      stream.sessionKey(Sent.forget(AWAY).at(MADE));
      List<Answer> out = stream.sessionKeyCopies();
      assertThat(out).hasSize(2);
      assertThat(out.get(0).value()).isNull();
      assertThat(out.get(0).partition()).isEqualTo(3);
      assertThat(out.get(0).headers())
          .containsExactly(
              "wxphone.rerouted-from=session-key-0@1",
              "wxphone.timestamp=" + MADE,
              "wxphone.forget=");
      assertThat(out.get(1).headers()).containsExactly("wxphone.rerouted-to=session-key-3");
      stream.nothing();
    }
  }

  @Test
  void the_copy_of_a_forgetting_forgets_up_to_the_instant_of_the_first() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.sessionKey(
          Sent.forget(OPENID)
              .header(HeaderNames.REROUTED_FROM, "session-key-3@5")
              .header(HeaderNames.TIMESTAMP, "" + Clicks.RECORD_TIME));
      stream.profile();
      stream.login(KEY);
      Clicks click = Clicks.under(KEY).plaintext(Plaintexts.phone().timestamp(Clicks.SECONDS + 1));
      stream.payload(Sent.of(OPENID, click).at(Clicks.RECORD_TIME));
      stream.letter(SUPERSEDED);
      stream.payload(Sent.of(OPENID, click).at(Clicks.RECORD_TIME + 1));
      stream.profile();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"o0", AWAY})
  void the_null_left_behind_is_ignored_when_it_is_read(String openid) {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.sessionKey(Sent.logout(openid).header(HeaderNames.REROUTED_TO, "session-key-3"));
      stream.nothing();
      stream.click(KEY);
      stream.profile();
    }
  }

  @Test
  void a_login_that_claims_to_be_left_behind_counts_all_the_same() {
    try (TestStream stream = TestStream.start()) {
      stream.sessionKey(Sent.login(OPENID, KEY).header(HeaderNames.REROUTED_TO, "session-key-3"));
      stream.click(KEY);
      stream.profile();
    }
  }

  @Test
  void a_session_key_never_passes_on_a_forged_replay() {
    try (TestStream stream = TestStream.start()) {
      stream.sessionKey(
          Sent.login(AWAY, KEY)
              .header(HeaderNames.REPLAYED_FROM, "0@1")
              .header(HeaderNames.ATTEMPT, "5"));
      assertThat(stream.sessionKeyCopies().get(0).headers())
          .containsExactly("wxphone.rerouted-from=session-key-0@0", "wxphone.timestamp=" + START);
    }
  }
}
