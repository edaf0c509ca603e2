package dev.wxphone.stream.topology;

import static dev.wxphone.stream.topology.TestStream.HOME;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Clicks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wait does not end before the session keys of its time are read. */
class HorizonTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final SessionKey C = Clicks.key(3);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration LITTLE = Duration.ofMillis(200);

  private static List<String> sources(List<Answer> seen) {
    return seen.stream().map(Answer::source).toList();
  }

  @Test
  void nothing_expires_before_the_session_keys_of_its_time_are_read() {
    long[] readUpTo = {START};
    try (TestStream stream =
        TestStream.given()
            .horizon(
                (partition, instant) -> {
                  assertThat(partition).isZero();
                  return instant <= readUpTo[0];
                })
            .start()) {
      String first = stream.click(A);
      stream.advance(Duration.ofSeconds(1));
      String second = stream.payload(Sent.of(HOME.get(1), Clicks.under(B)));
      stream.advance(Duration.ofSeconds(1));
      String third = stream.click(C);
      stream.advance(WAIT.multipliedBy(6));
      stream.restart();
      stream.advance(WAIT);
      stream.nothing();
      readUpTo[0] = START + WAIT.toMillis() - 1;
      stream.advance(LITTLE);
      stream.nothing();
      readUpTo[0] = START + WAIT.toMillis() + 1_000;
      stream.advance(LITTLE);
      assertThat(sources(stream.letters())).containsExactly(first, second);
      readUpTo[0] = stream.now();
      stream.advance(LITTLE);
      assertThat(sources(stream.letters())).containsExactly(third);
      stream.nothing();
    }
  }

  @Test
  void a_key_read_from_the_backlog_answers_who_is_long_overdue() {
    boolean[] read = {false};
    try (TestStream stream = TestStream.given().horizon((partition, instant) -> read[0]).start()) {
      stream.click(A);
      stream.advance(Duration.ofHours(5));
      stream.login(A);
      stream.profile();
      read[0] = true;
      stream.advance(LITTLE);
      stream.nothing();
    }
  }

  @Test
  void the_horizon_is_asked_only_while_someone_is_due_and_never_of_the_future() {
    List<Long> asked = new ArrayList<>();
    try (TestStream stream =
        TestStream.given()
            .horizon(
                (partition, instant) -> {
                  asked.add(instant);
                  return true;
                })
            .start()) {
      stream.advance(WAIT);
      stream.login(B);
      stream.advance(WAIT);
      assertThat(asked).isEmpty();
      stream.click(A);
      long deadline = stream.now() + WAIT.toMillis();
      stream.advance(WAIT.minus(LITTLE));
      assertThat(asked).isEmpty();
      stream.advance(LITTLE);
      assertThat(asked).containsExactly(deadline);
      stream.letter();
      stream.advance(WAIT.multipliedBy(5));
      assertThat(asked).hasSize(1);
    }
  }
}
