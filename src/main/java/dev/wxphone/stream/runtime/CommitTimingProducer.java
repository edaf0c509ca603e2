package dev.wxphone.stream.runtime;

import dev.wxphone.stream.metrics.CommitTimes;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of a stream thread, which tells when what the thread has answered is committed:
 * Kafka Streams has no callback for that, but the thread itself calls these methods.
 */
final class CommitTimingProducer extends KafkaProducer<byte[], byte[]> {
  private final boolean transactional;
  private final CommitTimes times;

  CommitTimingProducer(Map<String, Object> config, CommitTimes times) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.transactional = config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null;
    this.times = times;
  }

  /** Called on a new producer too, which replaces one whose transaction was lost. */
  @Override
  public void initTransactions() {
    times.aborted();
    super.initTransactions();
  }

  /** Before a transaction is committed, and with {@code at_least_once} in its place. */
  @Override
  public void flush() {
    timed(super::flush);
    if (!transactional && times.isAnyUncommitted()) {
      times.committed(System.currentTimeMillis());
    }
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    timed(() -> super.sendOffsetsToTransaction(offsets, group));
  }

  @Override
  public void commitTransaction() {
    timed(super::commitTransaction);
    times.committed(System.currentTimeMillis());
  }

  @Override
  public void abortTransaction() {
    times.aborted();
    super.abortTransaction();
  }

  private void timed(Runnable part) {
    long start = System.nanoTime();
    try {
      part.run();
    } finally {
      times.spent(System.nanoTime() - start);
    }
  }
}
