package dev.wxphone.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickTimestampExtractorTest {
  private static long extracted(long timestamp) {
    ConsumerRecord<Object, Object> record =
        new ConsumerRecord<>(
            "phone-payload",
            0,
            0,
            timestamp,
            TimestampType.CREATE_TIME,
            0,
            0,
            "o",
            "",
            new RecordHeaders(),
            Optional.empty());
    return new ClickTimestampExtractor().extract(record, 7);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_477_314_187_000L, Long.MAX_VALUE})
  void the_timestamp_is_that_of_the_record(long timestamp) {
    assertThat(extracted(timestamp)).isEqualTo(timestamp);
  }

  @Test
  void a_record_without_one_is_of_now_and_not_skipped() {
    long before = System.currentTimeMillis();
    assertThat(extracted(-1)).isBetween(before, System.currentTimeMillis());
  }
}
