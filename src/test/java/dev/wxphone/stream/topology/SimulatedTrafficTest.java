package dev.wxphone.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.demo.simulator.SimulatedTraffic;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the simulator says of its traffic is what becomes of it, however unevenly the two topics are
 * read: each in its order, and nothing else is sure.
 */
class SimulatedTrafficTest {
  private static final int VISITS = 400;

  static LongStream seeds() {
    long first = Long.getLong("wxphone.seed", System.nanoTime());
    return LongStream.range(first, first + 30);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void the_answers_are_those_that_were_played_in_whatever_order_the_topics_are_read(long seed) {
    Random random = new Random(seed);
    SimulatedTraffic played =
        SimulatedTraffic.of(new Simulator(seed), TestStream.START, VISITS, 1 + random.nextInt(25));
    // 0: all session keys are read first; 1: all payloads are.
    double share = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
    // The driver has one partition: what is misplaced among more is at home there.
    try (TestStream stream = TestStream.given().partitions(1).start()) {
      Iterator<SimulatedTraffic.Published> payloads = played.payloads().iterator();
      Iterator<SimulatedTraffic.Published> sessionKeys = played.sessionKeys().iterator();
      while (payloads.hasNext() || sessionKeys.hasNext()) {
        if (payloads.hasNext() && (!sessionKeys.hasNext() || random.nextDouble() < share)) {
          stream.payload(sent(payloads.next()));
        } else {
          stream.sessionKey(sent(sessionKeys.next()));
        }
      }
      stream.advance(Duration.ofSeconds(20));
      Map<Reason, Long> letters = new EnumMap<>(Reason.class);
      stream.letters().forEach(letter -> letters.merge(letter.reason(), 1L, Long::sum));
      assertThat(letters).isEqualTo(played.letters());
      long expected =
          played.payloads().size() - letters.values().stream().mapToLong(Long::longValue).sum();
      assertThat(stream.profiles()).hasSize((int) expected);
    }
  }

  /** Else the demo would show less than it promises. */
  @Test
  void a_thousand_visits_have_every_reason_and_every_recovery() {
    SimulatedTraffic played = SimulatedTraffic.of(new Simulator(1), TestStream.START, 1_000, 5);
    Set<Reason> all = EnumSet.allOf(Reason.class);
    // What no simulated user or backend can bring about.
    all.removeAll(
        Set.of(Reason.WRONG_PARTITION, Reason.MALFORMED_SESSION_KEY, Reason.PROCESSING_FAILED));
    assertThat(played.letters().keySet()).isEqualTo(all);
    try (TestStream stream = TestStream.given().partitions(1).start()) {
      Iterator<SimulatedTraffic.Published> sessionKeys = played.sessionKeys().iterator();
      SimulatedTraffic.Published key = sessionKeys.next();
      for (SimulatedTraffic.Published payload : played.payloads()) {
        for (;
            key.atMillis() <= payload.atMillis() && sessionKeys.hasNext();
            key = sessionKeys.next()) {
          stream.sessionKey(sent(key));
        }
        stream.payload(sent(payload));
      }
      stream.sessionKey(sent(key));
      sessionKeys.forEachRemaining(left -> stream.sessionKey(sent(left)));
      AnswerCounts counts = stream.counts();
      assertThat(counts.recovered(AnswerCounts.Recovered.WAITED)).isCloseTo(130L, within(70L));
      assertThat(counts.recovered(AnswerCounts.Recovered.OLDER_KEY)).isCloseTo(80L, within(50L));
      assertThat(counts.recovered(AnswerCounts.Recovered.REPAIRED)).isCloseTo(30L, within(20L));
      assertThat(stream.profiles()).extracting(Answer::sessionKeyAge).contains(0, 1, 2);
    }
  }

  private static Sent sent(SimulatedTraffic.Published record) {
    return Sent.keyed(record.key(), record.value()).at(record.atMillis());
  }
}
