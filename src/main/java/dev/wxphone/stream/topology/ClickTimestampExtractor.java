package dev.wxphone.stream.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Extracts the record's own timestamp, or the current time if the record has none (-1, from a
 * client before 0.10): Kafka Streams would skip it, and every payload has to be answered.
 */
public final class ClickTimestampExtractor implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.timestamp() >= 0 ? record.timestamp() : System.currentTimeMillis();
  }
}
