package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.demo.simulator.Publication.Kind;
import dev.wxphone.settings.Setting;
import java.time.Duration;
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

/** Properties for any seed; {@code SimulatedTrafficTest} tests the answers to the traffic. */
class SimulatorTest {
  private static final long NOW = 1_769_847_330_000L;
  private static final int VISITS = 2_000;

  static LongStream seeds() {
    long first = Long.getLong("wxphone.seed", System.nanoTime());
    return LongStream.range(first, first + 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void the_same_seed_at_the_same_times_plays_the_same(long seed) {
    List<String> once = printed(play(new Simulator(seed), 5));
    assertThat(printed(play(new Simulator(seed), 5))).isEqualTo(once);
    assertThat(printed(play(new Simulator(seed + 1), 5))).isNotEqualTo(once);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void users_come_back_but_only_when_all_of_their_last_visit_is_published(long seed) {
    Map<String, Long> busyUntil = new HashMap<>();
    int comeBack = 0;
    for (StartedVisit begun : play(new Simulator(seed), 5)) {
      String openid = openid(begun.visit());
      Long before = busyUntil.put(openid, begun.at() + last(begun.visit()).atMillis());
      if (before != null) {
        comeBack++;
        assertThat(begun.at()).isGreaterThan(before);
      }
    }
    assertThat(comeBack).isGreaterThan(VISITS / 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void a_user_has_no_more_session_keys_than_are_kept_and_no_more_clicks_than_may_wait(long seed) {
    Map<String, Set<String>> keys = new HashMap<>();
    Map<String, Integer> clicks = new HashMap<>();
    for (StartedVisit begun : play(new Simulator(seed), 20)) {
      for (Publication record : begun.visit().publications()) {
        if (record.kind() == Kind.PAYLOAD) {
          clicks.merge(openid(begun.visit()), 1, Integer::sum);
        } else if (record.value().length > 4) { // not the logout "null"
          keys.computeIfAbsent(openid(begun.visit()), first -> new HashSet<>())
              .add(new String(record.value(), UTF_8));
        }
      }
    }
    assertThat(keys.values())
        .allSatisfy(
            those -> assertThat(those).hasSizeLessThanOrEqualTo(Simulator.MAX_SESSIONS_PER_USER))
        .anySatisfy(those -> assertThat(those).hasSize(Simulator.MAX_SESSIONS_PER_USER));
    assertThat(clicks.values())
        .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(Simulator.MAX_CLICKS_PER_USER));
  }

  @Test
  void what_a_user_may_have_are_the_defaults_of_the_settings() {
    assertThat("" + Simulator.MAX_SESSIONS_PER_USER).isEqualTo(defaultOf("wxphone.session.keys"));
    assertThat("" + Simulator.MAX_CLICKS_PER_USER).isEqualTo(defaultOf("wxphone.session.wait.max"));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void without_troubles_and_with_old_sessions_every_click_follows_the_login_it_needs(long seed) {
    Simulator.Options options =
        new Simulator.Options(10, Duration.ofDays(1), Troubles.usualWith(List.of("all=0")));
    for (StartedVisit begun : play(new Simulator(seed, options), 400)) {
      assertThat(begun.visit().deadLetters()).isEmpty();
      assertThat(begun.visit().payloads()).isOne();
      assertThat(last(begun.visit()).kind()).isEqualTo(Kind.PAYLOAD);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void no_visit_has_more_payloads_than_it_may(long seed) {
    Simulator simulator = new Simulator(seed);
    for (int i = 0; i < VISITS; i++) {
      assertThat(simulator.next(NOW + i, 1).payloads()).isOne();
    }
  }

  private record StartedVisit(long at, Visit visit) {}

  private static List<StartedVisit> play(Simulator simulator, long every) {
    List<StartedVisit> visits = new ArrayList<>();
    for (int i = 0; i < VISITS; i++) {
      visits.add(new StartedVisit(NOW + i * every, simulator.next(NOW + i * every, 2)));
    }
    return visits;
  }

  private static List<String> printed(List<StartedVisit> visits) {
    List<String> all = new ArrayList<>();
    for (StartedVisit begun : visits) {
      for (Publication record : begun.visit().publications()) {
        all.add(
            "%d %s %s %s"
                .formatted(
                    begun.at() + record.atMillis(),
                    begun.visit().trouble(),
                    record,
                    new String(record.value(), UTF_8)));
      }
    }
    return all;
  }

  /** Returns the first key of a visit; a visit without any key gets a unique name. */
  private static String openid(Visit visit) {
    for (Publication record : visit.publications()) {
      byte[] key = record.key();
      if (key != null) {
        return new String(key, UTF_8);
      }
    }
    return "nobody " + System.identityHashCode(visit);
  }

  private static Publication last(Visit visit) {
    return visit.publications().get(visit.publications().size() - 1);
  }

  private static String defaultOf(String key) {
    return Setting.ALL.stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow()
        .defaultText();
  }
}
