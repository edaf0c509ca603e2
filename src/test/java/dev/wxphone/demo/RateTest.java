package dev.wxphone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTest {
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "500, 20, 40", "4000, 160, 40"})
  void the_pace_is_that_of_the_last_seconds(long millis, long count, double perSecond) {
    Rate rate = new Rate();
    for (long at = 0; at < millis; at += 250) {
      rate.update(at * 1_000_000, at * count / Math.max(1, millis));
    }
    assertThat(rate.update(millis * 1_000_000, count)).isEqualTo(perSecond);
    assertThat(rate.update((millis + 9_000) * 1_000_000, count)).isLessThan(5);
    assertThat(rate.update((millis + 18_000) * 1_000_000, count)).isZero();
  }
}
