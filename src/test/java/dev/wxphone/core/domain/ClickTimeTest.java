package dev.wxphone.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClickTimeTest {
  private static final long NOW = 1_769_847_330_000L;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "1769847330000, 1769847330000, false, false",
    "1769847330, 1769847330000, true, false",
    "1293840000, 1293840000000, true, false", // 2011-01-01
    "1293839999, 1293839999, false, true",
    "1769850930, 1769850930000, true, false", // in an hour
    "1769850931, 1769850931, false, true",
    "1293840000000, 1293840000000, false, false",
    "1293839999999, 1293839999999, false, true",
    "0, 0, false, true",
    "-1, -1, false, true",
    "9223372036854775807, 9223372036854775807, false, false",
  })
  void seconds_are_taken_for_seconds_where_that_is_possible(
      long timestamp, long millis, boolean inSeconds, boolean impossible) {
    ClickTime time = ClickTime.of(timestamp, NOW);
    assertThat(time).isEqualTo(new ClickTime(millis, inSeconds));
    assertThat(time.isImpossible()).isEqualTo(impossible);
  }
}
