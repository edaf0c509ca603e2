package dev.wxphone.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every payload is answered once, and rightly, whatever happens in whatever order. {@link
 * RandomScenario} makes it happen and knows by itself what the answers must be.
 */
class OneInOneOutTest {
  private static final int STEPS = 200;

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void every_payload_has_one_answer_the_right_one(long seed) {
    try (RandomScenario scenario = new RandomScenario(seed)) {
      for (int step = 0; step < STEPS; step++) {
        scenario.step();
      }
      scenario.end();
      List<String> answers = new ArrayList<>();
      scenario.seen().forEach(answer -> answers.add(answer.source()));
      scenario.rerouted().forEach(copy -> answers.add(copy.header(HeaderNames.REROUTED_FROM)));
      assertThat(answers).containsExactlyInAnyOrderElementsOf(scenario.published());
      assertInOrder(scenario.seen());
    }
  }

  private static void assertInOrder(List<Answer> answers) {
    Map<String, Long> newest = new HashMap<>();
    for (Answer answer : answers) {
      if (answer.header(HeaderNames.REASON) == null) {
        long watermark = answer.json().path("watermark").path("timestamp").asLong();
        assertThat(newest.getOrDefault(answer.openid(), Long.MIN_VALUE))
            .isLessThanOrEqualTo(watermark);
        newest.put(answer.openid(), watermark);
      }
    }
  }

  /** Else the sequences would show less than they seem to. */
  @Test
  void every_reason_that_a_payload_can_have_occurs() {
    Set<Reason> reasons = new HashSet<>();
    Set<Integer> ages = new HashSet<>();
    Set<String> kinds = new HashSet<>();
    for (long seed = 1_000; seed < 1_030; seed++) {
      try (RandomScenario scenario = new RandomScenario(seed)) {
        for (int step = 0; step < STEPS; step++) {
          scenario.step();
        }
        scenario.end();
        for (Answer answer : scenario.seen()) {
          if (answer.header(HeaderNames.REASON) != null) {
            reasons.add(answer.reason());
          } else {
            ages.add(answer.sessionKeyAge());
            kinds.add(answer.json().has("repairs") ? "repaired" : "plain");
          }
        }
      }
    }
    Set<Reason> expected = new HashSet<>(Set.of(Reason.values()));
    expected.remove(Reason.PROCESSING_FAILED);
    expected.remove(Reason.MALFORMED_SESSION_KEY);
    assertThat(reasons).isEqualTo(expected);
    assertThat(ages).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(kinds).containsExactlyInAnyOrder("plain", "repaired");
  }
}
