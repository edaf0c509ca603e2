package dev.wxphone.demo;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.settings.Settings;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectedAnswersTest {
  private static final long MANY = 10_000_000;

  @Test
  void where_all_is_as_played_nothing_is_said() {
    ExpectedAnswers comparison =
        compared(Map.of(), books(490, Map.of(USER_DENIED, 10L)), Map.of(USER_DENIED, 10L));
    assertThat(comparison.holds()).isTrue();
    assertThat(comparison.lines()).isEmpty();
  }

  @Test
  void only_what_differs_is_said_with_what_came_first() {
    ExpectedAnswers comparison =
        compared(
            Map.of(),
            books(77, Map.of(SESSION_KEY_MISSING, 413L, USER_DENIED, 10L)),
            Map.of(SESSION_KEY_MISSING, 12L, USER_DENIED, 10L, SUPERSEDED, 4L));
    assertThat(comparison.holds()).isFalse();
    assertThat(comparison.lines())
        .containsExactly(
            "But not every answer is the one that was played:",
            "  profiles                      77, not 474",
            "  SESSION_KEY_MISSING          413, not 12",
            "  SUPERSEDED                     0, not 4");
  }

  @Test
  void one_reason_for_another_leaves_the_number_of_profiles_unsaid() {
    assertThat(
            compared(Map.of(), books(499, Map.of(SUPERSEDED, 1L)), Map.of(USER_DENIED, 1L)).lines())
        .containsExactly(
            "But not every answer is the one that was played:",
            "  USER_DENIED                    0, not 1",
            "  SUPERSEDED                     1, not 0");
  }

  @Test
  void where_letters_came_and_none_were_played_they_are_said() {
    assertThat(compared(Map.of(), books(499, Map.of(SESSION_KEY_MISSING, 1L)), Map.of()).lines())
        .containsExactly(
            "But not every answer is the one that was played:",
            "  profiles                     499, not 500",
            "  SESSION_KEY_MISSING            1, not 0");
  }

  @Test
  void no_line_is_longer_than_eighty_columns() {
    Map<Reason, Long> letters = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      letters.put(reason, MANY);
    }
    assertThat(compared(Map.of(), books(MANY, letters), Map.of()).lines())
        .hasSize(2 + Reason.values().length)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(
            compared(
                    Map.of("wxphone.watermark.max-age", "P30D"),
                    books(500, Map.of()),
                    Map.of(USER_DENIED, 1L))
                .lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void under_settings_that_change_the_answers_nothing_is_compared_and_they_are_named() {
    ExpectedAnswers comparison =
        compared(
            Map.of("wxphone.session.wait", "PT0S", "wxphone.reroute", "false"),
            books(77, Map.of(SESSION_KEY_MISSING, 423L)),
            Map.of(SESSION_KEY_MISSING, 12L));
    assertThat(comparison.holds()).isTrue();
    assertThat(comparison.lines())
        .containsExactly(
            "Reasons not compared, as settings are not the demo's: wxphone.session.wait,"
                + " wxphone.reroute");
  }

  private static ExpectedAnswers compared(
      Map<String, String> overrides, Books books, Map<Reason, Long> letters) {
    return ExpectedAnswers.of(
        Settings.load(null, Map.of(), overrides, warning -> {}), books, 500, letters);
  }

  private static Books books(long profiles, Map<Reason, Long> letters) {
    return new Books(500, profiles, letters, 0, 0, 0, 0, 0, 0, "");
  }
}
