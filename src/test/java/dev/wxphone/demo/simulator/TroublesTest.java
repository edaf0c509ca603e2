package dev.wxphone.demo.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroublesTest {
  @Test
  void what_is_asked_for_replaces_the_usual_share() {
    Random random = new Random(1);
    Troubles troubles = Troubles.usualWith(List.of("all=0", "late-login=25", "twice=0.5"));
    List<Optional<Trouble>> drawn =
        IntStream.range(0, 100_000).mapToObj(i -> troubles.draw(random)).toList();
    assertThat(drawn)
        .containsOnly(
            Optional.empty(), Optional.of(Trouble.LATE_LOGIN), Optional.of(Trouble.TWICE));
    assertThat(count(drawn, Trouble.LATE_LOGIN)).isBetween(24_000L, 26_000L);
    assertThat(count(drawn, Trouble.TWICE)).isBetween(400L, 600L);
  }

  private static long count(List<Optional<Trouble>> drawn, Trouble trouble) {
    return drawn.stream().filter(Optional.of(trouble)::equals).count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "late-login | 'late-login' is not NAME=PERCENT, as in late-login=50",
        "late-login=1=2 | 'late-login=1=2' is not NAME=PERCENT, as in late-login=50",
        "late=1 | there is no trouble 'late'; there are all, late-login, login-in-callback,",
        "twice=-1 | '-1' is not a percentage from 0 to 100",
        "twice=NaN | 'NaN' is not a percentage from 0 to 100",
        "twice=many | 'many' is not a percentage from 0 to 100",
        "twice=100 | the troubles come to 170 % of the visits, more than all;",
      })
  void what_makes_no_sense_is_refused_with_what_would(String change, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Troubles.usualWith(List.of(change)))
        .withMessageStartingWith(message);
  }
}
