package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records as a consumer gets them. */
final class Records {
  static final String TOPIC = "t";

  private Records() {}

  static byte[] openid(int number) {
    return ("oGZUI0egBJY1zhBYw2KhdUfw" + number).getBytes(UTF_8);
  }

  static ConsumerRecord<byte[], byte[]> of(
      byte @Nullable [] key, @Nullable String value, int partition, long timestamp) {
    return of(key, value, partition, timestamp, TimestampType.CREATE_TIME);
  }

  static ConsumerRecord<byte[], byte[]> of(
      byte @Nullable [] key,
      @Nullable String value,
      int partition,
      long timestamp,
      TimestampType type) {
    return new ConsumerRecord<>(
        TOPIC,
        partition,
        7,
        timestamp,
        type,
        0,
        0,
        key,
        value == null ? null : value.getBytes(UTF_8),
        new RecordHeaders(),
        Optional.empty());
  }

  static ConsumerRecord<byte[], byte[]> with(
      ConsumerRecord<byte[], byte[]> record, String header, String value) {
    record.headers().add(header, value.getBytes(UTF_8));
    return record;
  }
}
