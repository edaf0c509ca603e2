package dev.wxphone.stream.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, once in a process, that state is restored from Kafka, as after a crash. {@link
 * KafkaStreamsLogFilter} suppresses what Kafka Streams logs of it, a stack trace for each
 * partition.
 */
final class RestoreListener implements StateRestoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreListener.class);

  private final AtomicBoolean logged = new AtomicBoolean();

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long start, long end) {}

  /** After a clean end there is at most the marker of a transaction to read, and no record. */
  @Override
  public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
    if (records > 0 && logged.compareAndSet(false, true)) {
      LOG.info("state that is not on this disk, or not surely whole, is restored from Kafka");
    }
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long records) {}
}
