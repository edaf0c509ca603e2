package dev.wxphone.tools.doctor;

import static dev.wxphone.tools.doctor.Records.openid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RecordTimesCheckTest {
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
  private static final long SECONDS = NOW.getEpochSecond();

  private final RecordTimesCheck check =
      new RecordTimesCheck(
          "t", Duration.ofDays(7).toMillis(), NOW.minus(Duration.ofHours(24)), NOW);

  private void add(int partition, long timestamp) {
    check.add(Records.of(openid(1), "{}", partition, timestamp));
  }

  private static long ago(Duration ago) {
    return NOW.minus(ago).toEpochMilli();
  }

  @Test
  void seconds_are_named() {
    add(0, ago(Duration.ofHours(1)));
    add(0, SECONDS);
    add(1, SECONDS);
    Wrong wrong = (Wrong) check.finding();
    assertThat(wrong.seen()).startsWith("t: 2 of 3 records stamped in seconds, the last one t-");
    assertThat(wrong.remedy()).contains("milliseconds since 1970");
  }

  @Test
  void seconds_that_were_appended_before_the_time_that_is_judged_are_not_named() {
    add(0, SECONDS);
    add(0, ago(Duration.ofHours(25)));
    add(0, ago(Duration.ofHours(1)));
    assertThat(check.finding()).isInstanceOf(Fine.class);
  }

  @Test
  void a_record_that_came_now_with_a_time_before_retention_is_named() {
    add(0, ago(Duration.ofDays(9)));
    add(0, ago(Duration.ofHours(1)));
    add(0, ago(Duration.ofDays(8)));
    assertThat(check.finding().seen())
        .startsWith(
            "t: 1 of 2 records stamped further back than the topic keeps records, the last one"
                + " t-0@7 by 8 d");
  }
}
