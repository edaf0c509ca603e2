package dev.wxphone.tools.deadletters;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.operator.UnstyledText.IN_COLOUR;
import static dev.wxphone.tools.deadletters.SomeLetters.CAME;
import static dev.wxphone.tools.deadletters.SomeLetters.assessed;
import static dev.wxphone.tools.deadletters.SomeLetters.letter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.letters.LetterTopic;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.UnstyledText;
import java.time.Duration;
import java.time.ZoneOffset;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class LetterStatsReportTest {
  private static final LetterTopic TOPIC =
      new LetterTopic(SomeLetters.TOPIC_ID, Duration.ofDays(30).toMillis());

  private final LetterStats stats =
      new LetterStats(TOPIC, CAME.plus(Duration.ofHours(1)).toEpochMilli());

  @Test
  void letters_are_counted_by_reason_and_by_hour() {
    stats.add(assessed(letter("0@1", SESSION_KEY_MISSING), LetterStatus.WOULD_SUCCEED));
    stats.add(assessed(letter("0@2", SESSION_KEY_MISSING), LetterStatus.WOULD_FAIL));
    stats.add(assessed(letter("0@3", SESSION_KEY_MISSING), LetterStatus.REPLAYED));
    stats.add(assessed(letter("0@4", SESSION_KEY_MISSING), LetterStatus.PARKED));
    stats.add(
        assessed(
            letter("0@5", USER_DENIED, "o5", new RecordHeaders(), CAME.plus(Duration.ofHours(1))),
            LetterStatus.WOULD_FAIL));
    assertThat(LetterStatsReport.text(stats, ZoneOffset.UTC, TextStyle.NONE))
        .containsExactly(
            "                                                               would    expire",
            "reason                  letters     open  replayed  parked   succeed    in 1 d",
            "USER_DENIED                   1        0         0       0         0         0",
            "SESSION_KEY_MISSING           4        2         1       1         1         0",
            "all                           5        2         1       1         1         0",
            "",
            "hour                    letters     open",
            "01-31 08:00                   4        2  ████████████████████████████",
            "01-31 09:00                   1        0  ███████");
    assertThat(UnstyledText.of(LetterStatsReport.text(stats, ZoneOffset.UTC, IN_COLOUR)))
        .isEqualTo(LetterStatsReport.text(stats, ZoneOffset.UTC, TextStyle.NONE));
    assertThat(LetterStatsReport.json(stats))
        .containsExactly(
            "{\"reason\":\"USER_DENIED\",\"hour\":\"2026-01-31T09:00:00Z\",\"letters\":1,\"open\":0,"
                + "\"replayed\":0,\"parked\":0,\"wouldSucceed\":0,\"nearExpiry\":0}",
            "{\"reason\":\"SESSION_KEY_MISSING\",\"hour\":\"2026-01-31T08:00:00Z\",\"letters\":4,"
                + "\"open\":2,\"replayed\":1,\"parked\":1,\"wouldSucceed\":1,\"nearExpiry\":0}");
  }

  @Test
  void no_table_is_wider_than_a_terminal_however_many_there_are() {
    for (Reason reason : Reason.values()) {
      for (int hour = 0; hour < 48; hour++) {
        stats.add(
            assessed(
                letter("0@1", reason, "o", new RecordHeaders(), CAME.minus(Duration.ofHours(hour))),
                LetterStatus.WOULD_FAIL));
      }
    }
    assertThat(LetterStatsReport.text(stats, ZoneOffset.UTC, TextStyle.NONE))
        .allMatch(line -> line.length() <= 80);
    assertThat(LetterStatsReport.text(stats, ZoneOffset.UTC, TextStyle.NONE))
        .anyMatch(line -> line.startsWith("24 before"));
  }

  @Test
  void records_that_are_no_letters_are_counted_apart() {
    stats.add(assessed(letter("0@1", SESSION_KEY_MISSING), LetterStatus.WOULD_FAIL));
    stats.setUnreadable(50);
    assertThat(LetterStatsReport.text(stats, ZoneOffset.UTC, TextStyle.NONE))
        .contains("beside 50 records that are not wxphone's");
    assertThat(LetterStatsReport.json(stats))
        .last()
        .isEqualTo("{\"reason\":\"not-a-letter\",\"letters\":50}");
  }

  @Test
  void without_letters_there_is_one_line() {
    assertThat(LetterStatsReport.text(stats, ZoneOffset.UTC, TextStyle.NONE))
        .containsExactly("no dead letters");
    assertThat(LetterStatsReport.json(stats)).isEmpty();
  }
}
