package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadFailuresTest {
  @ParameterizedTest
  @CsvSource({
    // threads, causes in turn, deaths, seconds between them, given up
    "1, 1, 5, 0, false",
    "1, 1, 6, 0, true",
    "1, 1, 6, 60, true",
    "1, 1, 6, 119, true",
    "1, 1, 6, 121, false",
    "1, 1, 100, 121, false",
    "1, 1, 12, 2592000, false",
    "8, 1, 8, 0, false",
    "8, 1, 40, 0, false",
    "8, 1, 41, 0, true",
    "8, 1, 6, 10, true",
    "1, 4, 20, 0, false",
    "1, 4, 21, 0, true",
    "1, 21, 20, 1, false",
    "1, 21, 21, 1, true",
    "1, 21, 21, 31, false",
  })
  void deaths_count_within_a_window_and_per_cause(
      int threads, int causes, int deaths, long secondsBetween, boolean givenUp) {
    ThreadFailures counted = new ThreadFailures(threads);
    boolean tooMany = false;
    for (int i = 0; i < deaths; i++) {
      String cause = "cause" + i % causes;
      counted.count(Duration.ofSeconds(i * secondsBetween), cause);
      tooMany = counted.tooMany(cause);
    }
    assertThat(tooMany).isEqualTo(givenUp);
  }

  @Test
  void one_event_is_told_from_the_next_by_its_time() {
    ThreadFailures deaths = new ThreadFailures(8);
    assertThat(deaths.count(Duration.ofSeconds(0), "a")).isEqualTo(1);
    assertThat(deaths.count(Duration.ofSeconds(5), "a")).isEqualTo(1);
    assertThat(deaths.count(Duration.ofSeconds(6), "a")).isEqualTo(2);
    assertThat(deaths.count(Duration.ofSeconds(6), "b")).isEqualTo(1);
  }
}
