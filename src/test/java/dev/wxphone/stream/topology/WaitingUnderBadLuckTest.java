package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.stream.topology.TestStream.HOME;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.store.WaitingPayload;
import dev.wxphone.stream.store.WaitingRoom;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** The end of waiting where processes halt, threads die, clocks are wrong or much is to be read. */
class WaitingUnderBadLuckTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration LITTLE = Duration.ofMillis(200);

  private static List<String> sources(List<Answer> seen) {
    return seen.stream().map(Answer::source).toList();
  }

  // ---- a process that was halted

  @Test
  void a_task_that_has_read_nothing_since_its_start_answers_nobody_before_it_reads_what_it_sends() {
    try (TestStream stream = TestStream.start()) {
      String waiting = stream.click(A);
      stream.restart();
      stream.readNoFences();
      stream.advance(WAIT.multipliedBy(2));
      stream.nothing();
      stream.login(B);
      stream.nothing();
      stream.advance(LITTLE);
      assertThat(stream.letter(Reason.SESSION_KEY_STALE).source()).isEqualTo(waiting);
    }
  }

  @Test
  void a_task_that_has_read_nothing_ends_waiting_when_it_has_read_what_it_sent_itself() {
    try (TestStream stream = TestStream.start()) {
      String waiting = stream.click(A);
      stream.restart();
      stream.advance(WAIT);
      assertThat(stream.letter(SESSION_KEY_MISSING).source()).isEqualTo(waiting);
      stream.nothing();
      assertThat(stream.stored(Changelogs.USERS)).isEmpty();
    }
  }

  // ---- a look that fails

  @Test
  void a_look_that_throws_is_followed_by_the_next_one() {
    boolean[] broken = {false};
    TestStream.Given given =
        TestStream.given()
            .prover(
                (value, openid, user, time) -> {
                  if (broken[0]) {
                    throw new AssertionError("the letter can't be sent");
                  }
                  return new Verdict.Refused(SESSION_KEY_MISSING, "No key.", 0, true);
                });
    try (TestStream stream = given.start()) {
      String waiting = stream.click(A);
      broken[0] = true;
      assertThatThrownBy(() -> stream.advance(WAIT)).isInstanceOf(AssertionError.class);
      broken[0] = false;
      stream.advance(LITTLE);
      assertThat(stream.letter(SESSION_KEY_MISSING).source()).isEqualTo(waiting);
      assertThat(stream.counts().waitingPayloads()).isZero();
    }
  }

  // ---- a backlog

  @Test
  void while_session_keys_of_its_time_are_unread_more_than_the_maximum_may_wait() {
    boolean[] read = {false};
    try (TestStream stream = TestStream.given().horizon((p, instant) -> read[0]).start()) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        sent.add(stream.click(A));
      }
      stream.advance(LITTLE);
      stream.nothing();
      stream.login(A);
      assertThat(sources(stream.profiles())).isEqualTo(sent);
    }
  }

  @Test
  void once_they_are_read_those_beyond_the_maximum_are_letters_and_the_first_go_on_waiting() {
    boolean[] read = {false};
    try (TestStream stream = TestStream.given().horizon((p, instant) -> read[0]).start()) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        sent.add(stream.click(A));
      }
      stream.payload(Sent.of(HOME.get(1), Clicks.under(A)));
      stream.restart();
      read[0] = true;
      stream.advance(LITTLE);
      assertThat(sources(stream.letters())).isEqualTo(sent.subList(8, 12));
      stream.login(A);
      assertThat(sources(stream.profiles())).isEqualTo(sent.subList(0, 8));
    }
  }

  @Test
  void a_place_that_becomes_free_before_they_are_read_is_kept_by_who_was_too_many() {
    boolean[] read = {false};
    TestStream.Given given =
        TestStream.given()
            .setting("wxphone.session.wait.max", "1")
            .horizon((p, instant) -> read[0]);
    try (TestStream stream = given.start()) {
      stream.click(A);
      String second = stream.click(B);
      stream.login(A);
      stream.profile();
      read[0] = true;
      stream.advance(LITTLE);
      stream.nothing();
      stream.login(B);
      assertThat(stream.profile().source()).isEqualTo(second);
    }
  }

  @Test
  void there_is_an_end_to_how_many_of_one_openid_may_wait() {
    try (TestStream stream = TestStream.given().horizon((p, instant) -> false).start()) {
      for (int i = 0; i < 300; i++) {
        stream.click(A);
      }
      assertThat(stream.letters()).hasSize(300 - 256);
      assertThat(stream.counts().waitingPayloads()).isEqualTo(256);
    }
  }

  // ---- clocks

  @Test
  void a_clock_that_was_a_day_ahead_when_a_click_came_does_not_make_it_wait_for_a_day() {
    try (TestStream stream = TestStream.start()) {
      stream.stop();
      stream.setClock(START + Duration.ofDays(1).toMillis());
      stream.resume();
      String source =
          stream.payload(Sent.of(OPENID, Clicks.under(A).plaintext(Plaintexts.phone())).at(START));
      stream.stop();
      stream.setClock(START);
      stream.resume();
      stream.advance(LITTLE);
      stream.nothing();
      stream.advance(WAIT);
      assertThat(stream.letter(SESSION_KEY_MISSING).source()).isEqualTo(source);
    }
  }

  // ---- at least once

  @Test
  void a_payload_that_is_read_again_while_it_waits_takes_its_own_place() {
    AnswerCounts counts = new AnswerCounts();
    WaitingRoom room =
        new WaitingRoom(new SurvivingStores().apply("waiting").get(), counts, WAIT.toMillis(), 1);
    byte[] openid = OPENID.getBytes(UTF_8);
    room.add(openid, waiting(1, 100));
    room.add(openid, waiting(2, 101));
    room.add(openid, waiting(1, 300));
    room.add(openid, waiting(2, 301));
    assertThat(room.count(openid)).isEqualTo(2);
    assertThat(counts.waitingPayloads()).isEqualTo(2);
    assertThat(room.nextExcessArrival()).isEqualTo(301 - WAIT.toMillis());
    assertThat(room.nextDeadline()).isEqualTo(300);
    room.remove(room.next());
    assertThat(room.nextDeadline()).isEqualTo(301);
    room.remove(room.next());
    assertThat(room.isEmpty()).isTrue();
    assertThat(room.nextExcessArrival()).isEqualTo(Long.MAX_VALUE);
    assertThat(counts.waitingPayloads()).isZero();
  }

  private static WaitingPayload waiting(long offset, long deadline) {
    ReceivedRecord received =
        new ReceivedRecord(
            OPENID.getBytes(UTF_8),
            new byte[0],
            new RecordHeaders(),
            new RecordCoordinates("phone-payload", 0, offset),
            new Provenance(0, 1, null, null));
    return new WaitingPayload(deadline, received);
  }
}
