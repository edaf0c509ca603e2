package dev.wxphone.tools.deadletters;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WECHAT_REFUSED;
import static dev.wxphone.operator.UnstyledText.IN_COLOUR;
import static dev.wxphone.tools.deadletters.SomeLetters.CAME;
import static dev.wxphone.tools.deadletters.SomeLetters.assessed;
import static dev.wxphone.tools.deadletters.SomeLetters.audit;
import static dev.wxphone.tools.deadletters.SomeLetters.letter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.codec.AuditRecord.Action;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterHistory;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.letters.LetterTopic;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.UnstyledText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LetterReportTest {
  private static final LetterTopic TOPIC =
      new LetterTopic(SomeLetters.TOPIC_ID, Duration.ofDays(30).toMillis());
  private static final LetterHistory NOTHING = new LetterHistory(List.of(), List.of());

  private static LetterReport report(AssessedLetter assessed, LetterHistory history) {
    return new LetterReport(assessed, history, TOPIC, CAME.plus(Duration.ofMinutes(5)));
  }

  @Test
  void it_shows_what_happened_why_what_to_do_and_what_became_of_it() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("correlation-id", "click-1".getBytes(UTF_8));
    headers.add("none", null);
    headers.add("bytes", new byte[] {(byte) 0xFF, 0});
    AssessedLetter assessed =
        assessed(
            letter("3@17", SESSION_KEY_STALE, "oGZUI0egBJY1zhBYw2KhdUfwVJJE", headers, CAME),
            LetterStatus.WOULD_SUCCEED);
    assertThat(report(assessed, NOTHING).text(ZoneOffset.ofHours(8), TextStyle.NONE))
        .containsExactly(
            "Dead letter 3@17",
            "",
            "What happened  SESSION_KEY_STALE, attempt 1",
            "               clicked  2026-01-31 16:00:00 +08:00",
            "               came     2026-01-31 16:00:10 +08:00, 5 min ago",
            "               openid   oGZUI0egBJY1zhBYw2KhdUfwVJJE",
            "",
            "Why            It went wrong; do something.",
            "               2 session keys were tried",
            "",
            "What to do     Replay it: it would become a profile now.",
            "               wxphone replay --id 3@17",
            "",
            "What became    Open; it expires on 2026-03-02 16:00:10 +08:00, in 30 days.",
            "",
            "Answers        phone-payload-2@7",
            "Value          44 bytes, not shown",
            "Headers        correlation-id: click-1",
            "               none: (null)",
            "               bytes: 0xff00");
  }

  @Test
  void what_wechat_answered_and_how_long_the_code_lives_is_shown() throws IOException {
    Instant came = CAME.plusSeconds(1);
    ReceivedRecord received =
        new ReceivedRecord(
            "o".getBytes(UTF_8),
            "{\"errMsg\":\"getPhoneNumber:fail no quota\",\"errno\":1400001,\"code\":\"c\"}"
                .getBytes(UTF_8),
            new RecordHeaders(),
            new RecordCoordinates("phone-payload", 2, 7),
            new Provenance(CAME.toEpochMilli(), 1, null, null));
    DeadLetter letter =
        SomeLetters.read(
            "3@17",
            OutgoingDeadLetter.ofPayload(received, new Cause(WECHAT_REFUSED, "So; act.", 0), CAME),
            came);
    AssessedLetter assessed = assessed(letter, LetterStatus.WOULD_FAIL);

    LetterReport soon = new LetterReport(assessed, NOTHING, TOPIC, came.plusSeconds(59));
    assertThat(soon.text(ZoneOffset.UTC, TextStyle.NONE))
        .containsSequence(
            "               openid   o",
            "               errno    1400001, as WeChat gave it",
            "               code     can be exchanged until 2026-01-31 08:05:10 Z, for 4 min");
    LetterReport late = new LetterReport(assessed, NOTHING, TOPIC, came.plusSeconds(301));
    assertThat(late.text(ZoneOffset.UTC, TextStyle.NONE))
        .contains("               code     too old to be exchanged since 2026-01-31 08:05:10 Z");
    JsonNode json = new ObjectMapper().readTree(late.json());
    assertThat(json.path("errno").asInt()).isEqualTo(1_400_001);
    assertThat(json.path("codeUntil").asText()).isEqualTo("2026-01-31T08:05:10Z");

    DeadLetter other = letter("3@17", USER_DENIED);
    assertThat(report(assessed(other, LetterStatus.WOULD_FAIL), NOTHING).json())
        .doesNotContain("errno", "codeUntil");
  }

  @Test
  void its_history_is_shown_in_order() {
    AssessedLetter assessed = assessed(letter("3@17", SESSION_KEY_STALE), LetterStatus.WOULD_FAIL);
    LetterHistory history =
        new LetterHistory(
            List.of(audit(Action.REPLAYED, null), audit(Action.PARKED, "asked for a new click")),
            List.of(
                new LetterHistory.Answer(
                    new DeadLetterId(3, 99), SESSION_KEY_STALE, CAME.toEpochMilli())));
    assertThat(report(assessed, history).text(ZoneOffset.UTC, TextStyle.NONE))
        .containsSequence(
            "What became    2026-01-31 09:00:00 Z  replayed by ops",
            "               2026-01-31 09:00:00 Z  parked by ops: asked for a new click",
            "               2026-01-31 08:00:10 Z  came back as letter 3@99,",
            "               SESSION_KEY_STALE");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void no_value_is_shown_and_no_line_is_wider_than_a_terminal(Reason reason) throws IOException {
    for (LetterStatus status : LetterStatus.values()) {
      LetterReport report = report(assessed(letter("3@17", reason), status), NOTHING);
      assertThat(report.text(ZoneOffset.UTC, TextStyle.NONE))
          .allMatch(line -> line.length() <= 80)
          .noneMatch(line -> line.contains("c2VjcmV0"));
      assertThat(UnstyledText.of(report.text(ZoneOffset.UTC, IN_COLOUR)))
          .isEqualTo(report.text(ZoneOffset.UTC, TextStyle.NONE));
      assertThat(report.json()).doesNotContain("c2VjcmV0");
      assertThat(new ObjectMapper().readTree(report.json()).path("standing").asText())
          .isEqualTo(status.text());
    }
  }

  @Test
  void phone_numbers_and_control_characters_of_headers_are_not_shown() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("x\u001B[2J", "tel 13580006666\r\n".getBytes(UTF_8));
    LetterReport report =
        report(
            assessed(letter("3@17", USER_DENIED, "o", headers, CAME), LetterStatus.WOULD_FAIL),
            NOTHING);
    assertThat(report.text(ZoneOffset.UTC, TextStyle.NONE))
        .last()
        .isEqualTo("Headers        x\\u001b[2J: tel 135****6666\\u000d\\u000a");
    assertThat(report.json()).doesNotContain("13580006666");
  }

  @Test
  void what_is_forged_into_our_own_headers_is_not_shown_either() {
    ReceivedRecord received =
        new ReceivedRecord(
            "o".getBytes(UTF_8),
            new byte[0],
            new RecordHeaders(),
            new RecordCoordinates("phone-payload", 2, 7),
            new Provenance(0, 1, null, null));
    Cause forged = new Cause(USER_DENIED, "\u0085\u202E tel 13580006666", 0);
    DeadLetter letter =
        SomeLetters.read("3@17", OutgoingDeadLetter.ofPayload(received, forged, CAME), CAME);
    LetterReport report = report(assessed(letter, LetterStatus.WOULD_FAIL), NOTHING);
    assertThat(report.json() + report.text(ZoneOffset.UTC, TextStyle.NONE))
        .doesNotContain("13580006666", "\u0085", "\u202E")
        .contains("135****6666");
  }
}
