package dev.wxphone.tools.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayRateTest {
  @ParameterizedTest
  @CsvSource({
    "0.001, 1",
    "1, 1",
    "9.999, 1",
    "10, 1",
    "25, 2",
    "200, 20",
    "999, 99",
    "1000, 100",
    "1001, 100",
    "999999, 100",
  })
  void a_transaction_takes_a_tenth_of_a_second_of_letters_and_100_at_the_most(
      double perSecond, int letters) {
    assertThat(new ReplayRate(perSecond).batch()).isEqualTo(letters);
  }

  @ParameterizedTest
  @CsvSource({
    "200, 0, PT0S",
    "200, 200, PT1S",
    "200, 1, PT0.005S",
    "0.5, 1, PT2S",
    "0.001, 5, PT5000S",
    "1000, 5000000000, PT5000000S"
  })
  void letters_are_due_at_their_rate(double perSecond, long letters, Duration due) {
    assertThat(new ReplayRate(perSecond).due(letters)).isEqualTo(due);
  }

  @Test
  void more_letters_are_never_due_earlier() {
    ReplayRate rate = new ReplayRate(333.3);
    Duration before = Duration.ZERO;
    for (long letters = 0; letters < 10_000; letters += rate.batch()) {
      assertThat(rate.due(letters)).isGreaterThanOrEqualTo(before);
      before = rate.due(letters);
    }
    assertThat(before).isBetween(Duration.ofMillis(29_800), Duration.ofMillis(30_100));
  }
}
