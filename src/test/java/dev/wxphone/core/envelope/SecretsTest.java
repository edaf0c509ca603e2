package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private static final String SECRET = "13580006666";

  @Test
  void neither_a_received_record_nor_a_letter_shows_its_content() {
    byte[] bytes = SECRET.getBytes(UTF_8);
    RecordCoordinates source = new RecordCoordinates("phone-payload", 0, 7);
    RecordHeaders headers = new RecordHeaders();
    headers.add(SECRET, bytes);
    ReceivedRecord received =
        new ReceivedRecord(bytes, bytes, headers, source, new Provenance(0, 1, null, null));
    assertThat(received).hasToString("ReceivedRecord[phone-payload-0@7]");
    OutgoingDeadLetter.Cause cause =
        new OutgoingDeadLetter.Cause(Reason.MALFORMED_PAYLOAD, "Why.", 0);
    assertThat(OutgoingDeadLetter.ofPayload(received, cause, Instant.EPOCH))
        .hasToString("OutgoingDeadLetter[****]");
  }
}
