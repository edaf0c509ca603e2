package dev.wxphone.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Begins a transaction and aborts it, which tells whether the principal may. */
public final class TransactionTrial {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private TransactionTrial() {}

  /**
   * Returns whether the principal may not open transactions of an id; false also if that can't be
   * found out.
   */
  public static boolean isForbidden(KafkaProperties properties, String transactionalId) {
    Map<String, Object> config = properties.ofTransactions(transactionalId, TIMEOUT);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(TIMEOUT.toMillis()));
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.abortTransaction();
      return false;
    } catch (KafkaException e) {
      return KafkaErrors.isCausedBy(e, TransactionalIdAuthorizationException.class);
    }
  }
}
