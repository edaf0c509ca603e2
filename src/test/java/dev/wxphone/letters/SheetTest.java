package dev.wxphone.letters;

import static dev.wxphone.Uncoloured.IN_COLOUR;
import static dev.wxphone.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.domain.Reason.USER_DENIED;
import static dev.wxphone.letters.SomeLetters.CAME;
import static dev.wxphone.letters.SomeLetters.audit;
import static dev.wxphone.letters.SomeLetters.examined;
import static dev.wxphone.letters.SomeLetters.letter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.Paint;
import dev.wxphone.Uncoloured;
import dev.wxphone.codec.AuditRecord.Action;
import dev.wxphone.domain.Reason;
import dev.wxphone.envelope.Coordinates;
import dev.wxphone.envelope.DeadLetter;
import dev.wxphone.envelope.DeadLetter.Cause;
import dev.wxphone.envelope.Letter;
import dev.wxphone.envelope.LetterId;
import dev.wxphone.envelope.Origin;
import dev.wxphone.envelope.Received;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SheetTest {
  private static final LetterTopic TOPIC =
      new LetterTopic(SomeLetters.TOPIC_ID, Duration.ofDays(30).toMillis());
  private static final Became NOTHING = new Became(List.of(), List.of());

  private static Sheet sheet(Examined examined, Became became) {
    return new Sheet(examined, became, TOPIC, CAME.plus(Duration.ofMinutes(5)));
  }

  @Test
  void it_tells_what_happened_why_what_to_do_and_what_became_of_it() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("correlation-id", "click-1".getBytes(UTF_8));
    headers.add("none", null);
    headers.add("bytes", new byte[] {(byte) 0xFF, 0});
    Examined examined =
        examined(
            letter("3@17", SESSION_KEY_STALE, "oGZUI0egBJY1zhBYw2KhdUfwVJJE", headers, CAME),
            Standing.WOULD_SUCCEED);
    assertThat(sheet(examined, NOTHING).text(ZoneOffset.ofHours(8), Paint.NONE))
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
  void what_was_done_with_it_is_told_in_order() {
    Examined examined = examined(letter("3@17", SESSION_KEY_STALE), Standing.WOULD_FAIL);
    Became became =
        new Became(
            List.of(audit(Action.REPLAYED, null), audit(Action.PARKED, "asked for a new click")),
            List.of(
                new Became.Answer(new LetterId(3, 99), SESSION_KEY_STALE, CAME.toEpochMilli())));
    assertThat(sheet(examined, became).text(ZoneOffset.UTC, Paint.NONE))
        .containsSequence(
            "What became    2026-01-31 09:00:00 Z  replayed by ops",
            "               2026-01-31 09:00:00 Z  parked by ops: asked for a new click",
            "               2026-01-31 08:00:10 Z  came back as letter 3@99,",
            "               SESSION_KEY_STALE");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void no_value_is_shown_and_no_line_is_wider_than_a_terminal(Reason reason) throws IOException {
    for (Standing standing : Standing.values()) {
      Sheet sheet = sheet(examined(letter("3@17", reason), standing), NOTHING);
      assertThat(sheet.text(ZoneOffset.UTC, Paint.NONE))
          .allMatch(line -> line.length() <= 80)
          .noneMatch(line -> line.contains("c2VjcmV0"));
      assertThat(Uncoloured.of(sheet.text(ZoneOffset.UTC, IN_COLOUR)))
          .isEqualTo(sheet.text(ZoneOffset.UTC, Paint.NONE));
      assertThat(sheet.json()).doesNotContain("c2VjcmV0");
      assertThat(new ObjectMapper().readTree(sheet.json()).path("standing").asText())
          .isEqualTo(standing.text());
    }
  }

  @Test
  void phone_numbers_and_control_characters_of_headers_are_not_shown() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("x\u001B[2J", "tel 13580006666\r\n".getBytes(UTF_8));
    Sheet sheet =
        sheet(
            examined(letter("3@17", USER_DENIED, "o", headers, CAME), Standing.WOULD_FAIL),
            NOTHING);
    assertThat(sheet.text(ZoneOffset.UTC, Paint.NONE))
        .last()
        .isEqualTo("Headers        x\\u001b[2J: tel 135****6666\\u000d\\u000a");
    assertThat(sheet.json()).doesNotContain("13580006666");
  }

  @Test
  void what_is_forged_into_our_own_headers_is_not_shown_either() {
    Received received =
        new Received(
            "o".getBytes(UTF_8),
            new byte[0],
            new RecordHeaders(),
            new Coordinates("phone-payload", 2, 7),
            new Origin(0, 1, null, null));
    Cause forged = new Cause(USER_DENIED, "\u0085\u202E tel 13580006666", 0);
    Letter letter = SomeLetters.read("3@17", DeadLetter.ofPayload(received, forged, CAME), CAME);
    Sheet sheet = sheet(examined(letter, Standing.WOULD_FAIL), NOTHING);
    assertThat(sheet.json() + sheet.text(ZoneOffset.UTC, Paint.NONE))
        .doesNotContain("13580006666", "\u0085", "\u202E")
        .contains("135****6666");
  }
}
