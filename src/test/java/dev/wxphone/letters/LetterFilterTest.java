package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which letters are spoken of, and how they stand as far as that takes no trial. */
class LetterFilterTest {
  private static final long AT = 1_800_000_000_000L;
  private static final DeadLetter LETTER =
      letter("o1", "phone-payload", Reason.SESSION_KEY_STALE, 2);

  private static DeadLetter letter(
      @Nullable String openid, String source, Reason reason, int attempt, String... withheld) {
    Headers headers =
        new RecordHeaders()
            .add("wxphone.source", (source + "-0@5").getBytes(UTF_8))
            .add("wxphone.timestamp", "1".getBytes(UTF_8))
            .add("wxphone.attempt", (attempt + "").getBytes(UTF_8))
            .add("wxphone.reason", reason.name().getBytes(UTF_8));
    for (String bytes : withheld) {
      headers.add("wxphone.withheld", bytes.getBytes(UTF_8));
    }
    byte[] key = openid == null ? null : openid.getBytes(UTF_8);
    return Objects.requireNonNull(
        DeadLetter.read(
            new ConsumerRecord<>(
                "dead-letter",
                3,
                17,
                AT,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key,
                new byte[0],
                headers,
                Optional.empty())));
  }

  private static LetterFilter filter(boolean again, int maxAttempts) {
    return new LetterFilter(
        Set.of(), Set.of(), Set.of(), Long.MIN_VALUE, Long.MAX_VALUE, again, maxAttempts);
  }

  // ---- which

  @Test
  void without_a_filter_every_letter_matches() {
    assertThat(filter(false, 5))
        .returns(false, LetterFilter::isRestricted)
        .returns(true, all -> all.matches(LETTER))
        .returns(true, all -> all.matches(letter(null, "t", Reason.INVALID_OPENID, 1)));
    // How often, and whether again, is no filter: it asks all the same.
    assertThat(filter(true, 1)).returns(false, LetterFilter::isRestricted);
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION_KEY_STALE, , , true",
    "SESSION_KEY_MISSING, , , false",
    ", o1, , true",
    ", o, , false",
    ", o11, , false",
    ", , 3@17, true",
    ", , 17@3, false",
    "SESSION_KEY_STALE, o1, 3@17, true",
    "SESSION_KEY_STALE, o1, 3@18, false",
    "SESSION_KEY_STALE, o2, 3@17, false",
    "SESSION_KEY_MISSING, o1, 3@17, false",
  })
  void a_letter_has_to_meet_every_condition(
      @Nullable Reason reason, @Nullable String openid, @Nullable String id, boolean matches) {
    LetterFilter filter =
        new LetterFilter(
            reason == null ? Set.of() : Set.of(reason, Reason.SUPERSEDED),
            openid == null ? Set.of() : Set.of(openid, "o9"),
            id == null ? Set.of() : Set.of(parsed(id), new DeadLetterId(0, 0)),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            false,
            5);
    assertThat(filter.isRestricted()).isTrue();
    assertThat(filter.matches(LETTER)).isEqualTo(matches);
  }

  private static DeadLetterId parsed(String id) {
    return Objects.requireNonNull(DeadLetterId.parse(id));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, true",
    "1, 2, false",
    "-1, 0, false",
    "-1, 1, true",
    "0, 0, false",
  })
  void since_is_inclusive_and_until_is_exclusive(long since, long until, boolean matches) {
    LetterFilter filter =
        new LetterFilter(Set.of(), Set.of(), Set.of(), AT + since, AT + until, false, 5);
    assertThat(filter.isRestricted()).isTrue();
    assertThat(filter.matches(LETTER)).isEqualTo(matches);
  }

  @Test
  void a_letter_without_a_key_is_of_no_openid() {
    DeadLetter keyless = letter(null, "phone-payload", Reason.INVALID_OPENID, 1);
    LetterFilter filter =
        new LetterFilter(Set.of(), Set.of(""), Set.of(), Long.MIN_VALUE, Long.MAX_VALUE, false, 5);
    assertThat(filter.matches(keyless)).isFalse();
  }

  // ---- how they stand

  @ParameterizedTest
  @CsvSource({
    // attempt, limit, again, what was done, status; none where it takes a trial
    "1, 5, false, , ",
    "4, 5, false, , ",
    "5, 5, false, , OVER_LIMIT",
    "1000, 5, false, , OVER_LIMIT",
    "5, 6, false, , ",
    "1, 1, false, , OVER_LIMIT",
    "1, 5, false, REPLAYED, REPLAYED",
    "1, 5, false, PARKED, PARKED",
    "5, 5, false, REPLAYED, REPLAYED",
    "5, 5, false, PARKED, PARKED",
    "1, 5, true, REPLAYED, ",
    "1, 5, true, PARKED, ",
    "5, 5, true, PARKED, OVER_LIMIT",
  })
  void the_status_of_a_payload_follows_from_its_attempts_and_the_audit(
      int attempt,
      int limit,
      boolean again,
      AuditRecord.@Nullable Action done,
      @Nullable LetterStatus status) {
    DeadLetter letter = letter("o1", "phone-payload", Reason.SESSION_KEY_STALE, attempt);
    assertThat(LetterStatus.withoutTrial(letter, audit(done), filter(again, limit), "session-key"))
        .isEqualTo(status);
  }

  @Test
  void what_is_no_payload_or_is_withheld_is_not_replayable_whatever_was_done() {
    for (DeadLetter never :
        new DeadLetter[] {
          letter("o1", "session-key", Reason.INVALID_OPENID, 1),
          letter("o1", "session-key", Reason.PROCESSING_FAILED, 1),
          letter("o1", "phone-payload", Reason.MALFORMED_SESSION_KEY, 1),
          letter("o1", "phone-payload", Reason.SESSION_KEY_MISSING, 1, "0"),
        }) {
      for (AuditRecord.Action done : new AuditRecord.Action[] {null, AuditRecord.Action.PARKED}) {
        assertThat(LetterStatus.withoutTrial(never, audit(done), filter(true, 1000), "session-key"))
            .as(never + " " + done)
            .isEqualTo(LetterStatus.NOT_REPLAYABLE);
      }
    }
  }

  private static @Nullable AuditRecord audit(AuditRecord.@Nullable Action action) {
    return action == null
        ? null
        : new AuditRecord(action, Instant.EPOCH, "ops", "r1", "Jt5sQ0hWQ0y3mVbq1m6dXw", null);
  }
}
