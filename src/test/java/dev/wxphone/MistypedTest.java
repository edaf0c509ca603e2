package dev.wxphone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MistypedTest {
  private static final List<String> KNOWN =
      List.of(
          "run", "replay", "plan", "apply", "stats", "session-key", "dead-letters", "--dry-run");

  @ParameterizedTest
  @CsvSource({
    "rn, run",
    "replya, replay",
    "paln, plan",
    "aply, apply",
    "status, stats",
    "session, session-key",
    "--dryrun, --dry-run",
  })
  void a_slip_is_near(String typed, String meant) {
    assertThat(Mistyped.near(typed, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "foo", "start", "help", "x", "--sideways", "--json", "what-on-earth"})
  void what_shares_little_is_not(String typed) {
    assertThat(Mistyped.near(typed, List.of("run", "replay", "--version"))).isEmpty();
  }

  @Test
  void the_nearest_is_there_however_far_it_is() {
    assertThat(Mistyped.nearest("foo", KNOWN)).isPresent();
    assertThat(Mistyped.nearest("foo", List.of())).isEmpty();
  }
}
