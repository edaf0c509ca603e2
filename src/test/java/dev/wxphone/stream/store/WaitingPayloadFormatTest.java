package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import java.util.HexFormat;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class WaitingPayloadFormatTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void the_stored_form_is_what_the_javadoc_says() {
    Headers headers =
        new RecordHeaders()
            .add("带", new byte[] {0, -1})
            .add(HeaderNames.ATTEMPT, new byte[] {'2'})
            .add("n", null);
    WaitingPayload payload =
        new WaitingPayload(
            1_477_313_633_203L,
            new ReceivedRecord(
                "o1".getBytes(UTF_8),
                "{}".getBytes(UTF_8),
                headers,
                new RecordCoordinates("p", 3, 258),
                new Provenance(1_477_313_633_080L, 2, "1@7", null)));
    String stored =
        "01"
            + "00000157f6c11bb3"
            + "0000000170"
            + "00000003"
            + "0000000000000102"
            + "00000157f6c11b38"
            + "00000002"
            + "00000003314037"
            + "ffffffff"
            + "000000026f31"
            + "000000027b7d"
            + "00000002"
            + "00000003e5b8a6"
            + "0000000200ff"
            + "000000016e"
            + "ffffffff";
    assertThat(HEX.formatHex(WaitingPayloadFormat.write(payload))).isEqualTo(stored);
    WaitingPayload read = WaitingPayloadFormat.read(HEX.parseHex(stored));
    assertThat(WaitingPayloadFormat.write(read)).isEqualTo(HEX.parseHex(stored));
    assertThat(read.deadline()).isEqualTo(payload.deadline());
    assertThat(read.received().source()).isEqualTo(payload.received().source());
    assertThat(read.received().origin()).isEqualTo(payload.received().origin());
  }

  @Test
  void a_rerouted_payload_without_headers_is_read() {
    String stored =
        "01"
            + "00000157f6c11bb3"
            + "0000000170"
            + "00000003"
            + "0000000000000102"
            + "00000157f6c11b38"
            + "00000001"
            + "ffffffff"
            + "00000006702d31403139"
            + "000000026f31"
            + "000000027b7d"
            + "00000000";
    WaitingPayload read = WaitingPayloadFormat.read(HEX.parseHex(stored));
    assertThat(read.received().origin())
        .isEqualTo(new Provenance(1_477_313_633_080L, 1, null, "p-1@19"));
    assertThat(read.received().headers()).isEmpty();
    assertThat(read.received().key()).isEqualTo("o1".getBytes(UTF_8));
    assertThat(read.received().value()).isEqualTo("{}".getBytes(UTF_8));
    assertThat(WaitingPayloadFormat.write(read)).isEqualTo(HEX.parseHex(stored));
  }
}
