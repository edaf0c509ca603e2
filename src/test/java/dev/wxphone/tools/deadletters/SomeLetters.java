package dev.wxphone.tools.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Letters as the processor writes them, read back. */
public final class SomeLetters {
  static final String TOPIC_ID = "Jt5sQ0hWQ0y3mVbq1m6dXw";
  static final Instant CLICKED = Instant.parse("2026-01-31T08:00:00Z");
  static final Instant CAME = Instant.parse("2026-01-31T08:00:10Z");

  private SomeLetters() {}

  public static DeadLetter letter(String id, Reason reason) {
    return letter(id, reason, "o" + id, new RecordHeaders(), CAME);
  }

  static DeadLetter letter(String id, Reason reason, String openid, Headers headers, Instant came) {
    ReceivedRecord received =
        new ReceivedRecord(
            openid.getBytes(UTF_8),
            "{\"encryptedData\":\"c2VjcmV0\",\"iv\":\"c2VjcmV0\"}".getBytes(UTF_8),
            headers,
            new RecordCoordinates("phone-payload", 2, 7),
            new Provenance(CLICKED.toEpochMilli(), 1, null, null));
    Cause cause = new Cause(reason, "It went wrong; do something.", 2);
    return read(
        id,
        reason == Reason.MALFORMED_SESSION_KEY
            ? OutgoingDeadLetter.ofSessionKey(received, cause, CAME)
            : OutgoingDeadLetter.ofPayload(received, cause, CAME),
        came);
  }

  static DeadLetter read(String id, OutgoingDeadLetter letter, Instant came) {
    DeadLetterId at = Objects.requireNonNull(DeadLetterId.parse(id));
    return Objects.requireNonNull(
        DeadLetter.read(
            new ConsumerRecord<>(
                "dead-letter",
                at.partition(),
                at.offset(),
                came.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                letter.key(),
                letter.value(),
                letter.headers(),
                Optional.empty())));
  }

  public static AssessedLetter assessed(DeadLetter letter, LetterStatus status) {
    Verdict refused =
        status == LetterStatus.WOULD_FAIL
            ? new Verdict.Refused(letter.reason(), letter.detail(), 2, true)
            : null;
    AuditRecord audit =
        switch (status) {
          case REPLAYED -> audit(AuditRecord.Action.REPLAYED, null);
          case PARKED -> audit(AuditRecord.Action.PARKED, "a test user");
          default -> null;
        };
    return new AssessedLetter(letter, status, refused, audit);
  }

  static AuditRecord audit(AuditRecord.Action action, @Nullable String why) {
    return new AuditRecord(
        action, Instant.parse("2026-01-31T09:00:00Z"), "ops", "run-1", TOPIC_ID, why);
  }
}
