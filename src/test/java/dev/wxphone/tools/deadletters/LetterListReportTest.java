package dev.wxphone.tools.deadletters;

import static dev.wxphone.core.domain.Reason.MALFORMED_SESSION_KEY;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.operator.UnstyledText.IN_COLOUR;
import static dev.wxphone.tools.deadletters.SomeLetters.CAME;
import static dev.wxphone.tools.deadletters.SomeLetters.assessed;
import static dev.wxphone.tools.deadletters.SomeLetters.letter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.letters.LetterStatus;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.UnstyledText;
import java.time.ZoneOffset;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class LetterListReportTest {
  private final LetterListReport rows = new LetterListReport();

  @Test
  void the_oldest_comes_first_and_a_limit_keeps_the_oldest() {
    rows.add(assessed(letter("1@1", SESSION_KEY_STALE), LetterStatus.WOULD_SUCCEED));
    rows.add(assessed(letter("0@9", SESSION_KEY_STALE), LetterStatus.WOULD_FAIL));
    rows.add(
        assessed(
            letter(
                "7@0",
                MALFORMED_SESSION_KEY,
                "oGZUI0egBJY1zhBYw2KhdUfwVJJE",
                new RecordHeaders(),
                CAME.minusSeconds(60)),
            LetterStatus.NOT_REPLAYABLE));
    assertThat(rows.text(ZoneOffset.UTC, 2, TextStyle.NONE, "none"))
        .containsExactly(
            "letter   came        reason                openid                       now",
            "7@0      01-31 07:59 MALFORMED_SESSION_KEY oGZUI0egBJY1zhBYw2KhdUfwVJJE no value",
            "0@9      01-31 08:00 SESSION_KEY_STALE     o0@9                         fails");
    assertThat(UnstyledText.of(rows.text(ZoneOffset.UTC, 3, IN_COLOUR, "none")))
        .isEqualTo(rows.text(ZoneOffset.UTC, 3, TextStyle.NONE, "none"));
    assertThat(rows.json(3))
        .last()
        .isEqualTo(
            "{\"id\":\"1@1\",\"appendedAt\":\"2026-01-31T08:00:10Z\",\"reason\":\"SESSION_KEY_STALE\","
                + "\"recovery\":\"replay\",\"openid\":\"o1@1\",\"attempt\":1,\"open\":true,"
                + "\"standing\":\"would-succeed\"}");
  }

  @Test
  void what_came_from_a_record_is_on_one_line_and_masked() {
    rows.add(
        assessed(
            letter(
                "0@1", SESSION_KEY_STALE, "+8613580006666\n\u001B[31m", new RecordHeaders(), CAME),
            LetterStatus.WOULD_FAIL));
    assertThat(rows.text(ZoneOffset.UTC, 9, TextStyle.NONE, "none").get(1))
        .contains("+86****6666\\u000a\\u001b[31m");
    assertThat(rows.json(9).get(0)).doesNotContain("13580006666");
  }

  @Test
  void an_empty_list_is_the_given_line() {
    assertThat(rows.text(ZoneOffset.UTC, 9, TextStyle.NONE, "none")).containsExactly("none");
    assertThat(rows.json(9)).isEmpty();
  }

  @Test
  void no_row_is_wider_than_a_terminal() {
    rows.add(
        assessed(
            letter("12@12345", MALFORMED_SESSION_KEY, "o".repeat(512), new RecordHeaders(), CAME),
            LetterStatus.WOULD_SUCCEED));
    assertThat(rows.text(ZoneOffset.UTC, 9, TextStyle.NONE, "none"))
        .allMatch(line -> line.length() <= 80);
  }
}
