package dev.wxphone.demo;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedAnswersTest {
  private static final long MANY = 10_000_000;

  /** Settings on which no answer depends. */
  private static final Set<String> IRRELEVANT =
      Set.of(
          "wxphone.users.idle",
          "wxphone.http.port",
          "wxphone.http.host",
          "wxphone.rocksdb.megabytes");

  @Test
  void where_all_is_as_played_nothing_is_said() {
    ExpectedAnswers.Comparison comparison =
        compared(Map.of(), books(490, Map.of(USER_DENIED, 10L)), Map.of(USER_DENIED, 10L));
    assertThat(comparison.matches()).isTrue();
    assertThat(comparison.lines()).isEmpty();
  }

  @Test
  void only_what_differs_is_said_with_what_came_first() {
    ExpectedAnswers.Comparison comparison =
        compared(
            Map.of(),
            books(77, Map.of(SESSION_KEY_MISSING, 413L, USER_DENIED, 10L)),
            Map.of(SESSION_KEY_MISSING, 12L, USER_DENIED, 10L, SUPERSEDED, 4L));
    assertThat(comparison.matches()).isFalse();
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
    ExpectedAnswers.Comparison comparison =
        compared(
            Map.of("wxphone.session.wait", "PT0S", "wxphone.reroute", "false"),
            books(77, Map.of(SESSION_KEY_MISSING, 423L)),
            Map.of(SESSION_KEY_MISSING, 12L));
    assertThat(comparison.matches()).isTrue();
    assertThat(comparison.lines())
        .containsExactly(
            "Reasons not compared, as settings are not the demo's: wxphone.session.wait,"
                + " wxphone.reroute");
  }

  @Test
  void under_the_defaults_every_answer_is_told() {
    assertThat(ExpectedAnswers.settingsThatChangeAnswers(settings(Map.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "wxphone.appids, wx0123456789abcdef",
    "wxphone.session.keys, 2",
    "wxphone.session.wait, PT0S",
    "wxphone.session.wait, PT3S",
    "wxphone.session.failures, 7",
    "wxphone.session.wait.max, 7",
    "wxphone.watermark.max-age, PT1S",
    "wxphone.watermark.max-age, P7D",
    "wxphone.reroute, false",
  })
  void what_may_change_an_answer_is_named(String key, String value) {
    assertThat(ExpectedAnswers.settingsThatChangeAnswers(settings(Map.of(key, value))))
        .containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource({
    "wxphone.appids, 'wx0123456789abcdef,wx4f4bc4dec97d474b'",
    "wxphone.session.keys, 16",
    "wxphone.session.wait, PT5S",
    "wxphone.session.wait, PT10M",
    "wxphone.session.failures, 1000",
    "wxphone.session.wait.max, 1000",
    "wxphone.watermark.max-age, P6D",
    "wxphone.topic.dead-letter, letters",
    "wxphone.rocksdb.megabytes, 16",
  })
  void what_changes_no_answer_is_not(String key, String value) {
    assertThat(ExpectedAnswers.settingsThatChangeAnswers(settings(Map.of(key, value)))).isEmpty();
  }

  @Test
  void every_setting_is_one_that_may_change_an_answer_or_is_known_not_to() {
    Settings worst =
        settings(
            Map.of(
                "wxphone.appids", "another",
                "wxphone.session.keys", "1",
                "wxphone.session.wait", "PT0S",
                "wxphone.session.failures", "1",
                "wxphone.session.wait.max", "1",
                "wxphone.watermark.max-age", "P365D",
                "wxphone.reroute", "false"));
    Set<String> relevant =
        Setting.ALL.stream()
            .map(Setting::key)
            .filter(key -> !key.startsWith("wxphone.topic.") && !IRRELEVANT.contains(key))
            .collect(Collectors.toSet());
    List<String> named = ExpectedAnswers.settingsThatChangeAnswers(worst);
    assertThat(named).containsExactlyInAnyOrderElementsOf(relevant);
  }

  private static Settings settings(Map<String, String> overrides) {
    return Settings.load(null, Map.of(), overrides, warning -> {});
  }

  private static ExpectedAnswers.Comparison compared(
      Map<String, String> overrides, Books books, Map<Reason, Long> letters) {
    return ExpectedAnswers.compare(settings(overrides), books, 500, letters);
  }

  private static Books books(long profiles, Map<Reason, Long> letters) {
    return new Books(500, profiles, letters, 0, 0, 0, 0, 0, 0, "");
  }
}
