package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.codec.AuditRecord;
import dev.wxphone.domain.Reason;
import dev.wxphone.domain.Verdict;
import dev.wxphone.envelope.Coordinates;
import dev.wxphone.envelope.DeadLetter;
import dev.wxphone.envelope.DeadLetter.Cause;
import dev.wxphone.envelope.Letter;
import dev.wxphone.envelope.LetterId;
import dev.wxphone.envelope.Origin;
import dev.wxphone.envelope.Received;
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

  public static Letter letter(String id, Reason reason) {
    return letter(id, reason, "o" + id, new RecordHeaders(), CAME);
  }

  static Letter letter(String id, Reason reason, String openid, Headers headers, Instant came) {
    Received received =
        new Received(
            openid.getBytes(UTF_8),
            "{\"encryptedData\":\"c2VjcmV0\",\"iv\":\"c2VjcmV0\"}".getBytes(UTF_8),
            headers,
            new Coordinates("phone-payload", 2, 7),
            new Origin(CLICKED.toEpochMilli(), 1, null, null));
    Cause cause = new Cause(reason, "It went wrong; do something.", 2);
    return read(
        id,
        reason == Reason.MALFORMED_SESSION_KEY
            ? DeadLetter.ofSessionKey(received, cause, CAME)
            : DeadLetter.ofPayload(received, cause, CAME),
        came);
  }

  static Letter read(String id, DeadLetter letter, Instant came) {
    LetterId at = Objects.requireNonNull(LetterId.parse(id));
    return Objects.requireNonNull(
        Letter.read(
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

  public static Examined examined(Letter letter, Standing standing) {
    Verdict refused =
        standing == Standing.WOULD_FAIL
            ? new Verdict.Refused(letter.reason(), letter.detail(), 2, true)
            : null;
    AuditRecord audit =
        switch (standing) {
          case REPLAYED -> audit(AuditRecord.Action.REPLAYED, null);
          case PARKED -> audit(AuditRecord.Action.PARKED, "a test user");
          default -> null;
        };
    return new Examined(letter, standing, refused, audit);
  }

  static AuditRecord audit(AuditRecord.Action action, @Nullable String why) {
    return new AuditRecord(
        action, Instant.parse("2026-01-31T09:00:00Z"), "ops", "run-1", TOPIC_ID, why);
  }
}
