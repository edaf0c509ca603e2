package dev.wxphone.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionTest {
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
  void a_typing_error_is_near(String typed, String meant) {
    assertThat(Suggestion.near(typed, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "foo", "start", "help", "x", "--sideways", "--json", "what-on-earth"})
  void an_unrelated_word_is_not_near(String typed) {
    assertThat(Suggestion.near(typed, List.of("run", "replay", "--version"))).isEmpty();
  }

  @Test
  void there_is_always_a_nearest_word() {
    assertThat(Suggestion.nearest("foo", KNOWN)).isPresent();
    assertThat(Suggestion.nearest("foo", List.of())).isEmpty();
  }
}
