package dev.wxphone.tools.doctor;

import static dev.wxphone.tools.doctor.Records.openid;
import static dev.wxphone.tools.doctor.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClocksCheckTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @ParameterizedTest
  @CsvSource(
      nullValues = "fine",
      value = {
        "PT0S, PT0S, fine",
        "PT59S, PT0S, fine",
        "PT-59S, PT0S, fine",
        "PT62S, PT3S, fine",
        "PT3M, PT3S, this machine's clock is 3 min ahead of the broker's",
        "PT-61S, PT0S, this machine's clock is 61 s behind the broker's",
        "PT-8H, PT0S, this machine's clock is 8 h behind the broker's",
      })
  void the_brokers_clock(Duration ahead, Duration uncertainty, String wrong) {
    Finding finding = ClocksCheck.ofBroker(ahead, uncertainty);
    assertThat(finding).isInstanceOf(wrong == null ? Fine.class : Wrong.class);
    assertThat(finding.seen())
        .isEqualTo(wrong == null ? "the broker's and this machine's agree" : wrong);
  }

  @Test
  void records_in_the_future_tell_of_a_publisher() {
    ClocksCheck.OfPublishers clock = new ClocksCheck.OfPublishers("t", NOW);
    clock.add(published(Duration.ofMinutes(4)));
    assertThat(clock.finding()).isEqualTo(new Fine("clocks", "t: no record lies in the future"));
    clock.add(published(Duration.ofMinutes(6)));
    clock.add(published(Duration.ofMinutes(12)));
    clock.add(published(Duration.ofMinutes(7)));
    assertThat(clock.finding().seen())
        .isEqualTo("t: 3 of 4 records in the future, t-3@7 by 12 min");
  }

  @Test
  void the_time_of_failing_against_that_of_appending_tells_of_a_processor() {
    ClocksCheck.OfProcessors clock = new ClocksCheck.OfProcessors("t");
    assertThat(clock.finding().seen()).isEqualTo("t: no letters to tell the processors' clocks by");
    for (int i = 0; i < 3; i++) {
      clock.add(letter(0, Duration.ofSeconds(-1)));
      clock.add(letter(1, Duration.ofMinutes(-3)));
    }
    // One that came late, and one that came in time.
    clock.add(letter(0, Duration.ofHours(-2)));
    clock.add(letter(1, Duration.ZERO));
    assertThat(clock.finding().seen())
        .isEqualTo("the processor that writes t-1 has a clock 3 min behind the broker's");
  }

  @Test
  void what_is_no_letter_of_ours_tells_nothing() {
    ClocksCheck.OfProcessors clock = new ClocksCheck.OfProcessors("t");
    clock.add(published(Duration.ZERO));
    clock.add(with(published(Duration.ZERO), HeaderNames.FAILED_AT, NOW.plusSeconds(900) + ""));
    clock.add(with(appended(0), HeaderNames.FAILED_AT, "yesterday"));
    clock.add(with(appended(0), HeaderNames.FAILED_AT, Instant.MAX.toString()));
    assertThat(clock.finding()).isInstanceOf(Fine.class);
  }

  private static ConsumerRecord<byte[], byte[]> published(Duration ahead) {
    return Records.of(openid(1), "", 3, NOW.plus(ahead).toEpochMilli());
  }

  private static ConsumerRecord<byte[], byte[]> appended(int partition) {
    return Records.of(openid(1), "", partition, NOW.toEpochMilli(), TimestampType.LOG_APPEND_TIME);
  }

  private static ConsumerRecord<byte[], byte[]> letter(int partition, Duration ahead) {
    return with(appended(partition), HeaderNames.FAILED_AT, NOW.plus(ahead).toString());
  }
}
