package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Checks whether the cluster accepts transactions, without which nothing is exactly once: sends one
 * record and aborts, so that no committed reader sees it. No other command uses its transactional
 * id, so that it fences none.
 */
final class TransactionCheck {
  static final String CHECK = "transactions";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final KafkaProperties properties;
  private final String id;
  private final String topic;

  /**
   * Creates the check.
   *
   * @param topic to which the record is sent
   */
  TransactionCheck(KafkaProperties properties, String applicationId, String topic) {
    this.properties = properties;
    this.id = applicationId + "-doctor";
    this.topic = topic;
  }

  /**
   * Sends the record, and compares its timestamp with this machine's clock.
   *
   * @param stamped whether the topic has LogAppendTime, so that the timestamp is the broker's
   */
  List<Finding> findings(boolean stamped) {
    List<Finding> findings = new ArrayList<>();
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config(), new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      // Before the measured time, which is then that of the broker and the network alone.
      producer.partitionsFor(topic);
      producer.beginTransaction();
      long before = System.currentTimeMillis();
      RecordMetadata sent =
          sent(producer.send(new ProducerRecord<>(topic, id.getBytes(UTF_8), null)));
      long after = System.currentTimeMillis();
      producer.abortTransaction();
      findings.add(new Fine(CHECK, "one was opened and taken back"));
      findings.add(
          stamped
              ? ClocksCheck.ofBroker(
                  Duration.ofMillis((before + after) / 2 - sent.timestamp()),
                  Duration.ofMillis((after - before) / 2 + 1))
              : new Unchecked(
                  ClocksCheck.CHECK,
                  topic + " does not tell the broker's: it is not LogAppendTime",
                  "wxphone topics apply"));
    } catch (ConfigException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      findings.add(failed(e, id, topic));
    } finally {
      producer.close(CLOSE_TIMEOUT);
    }
    return findings;
  }

  /**
   * Returns the finding for a transaction that failed.
   *
   * @param id its {@code transactional.id}
   */
  static Finding failed(Throwable cause, String id, String topic) {
    if (cause instanceof AuthorizationException) {
      return new Unchecked(
          CHECK,
          "the principal may not open one as " + id,
          "give it the ACLs Write and Describe on the transactional id %s and Write on the topic %s"
              .formatted(id, topic));
    }
    if (cause instanceof ProducerFencedException
        || cause instanceof InvalidProducerEpochException) {
      return new Unchecked(CHECK, "another wxphone doctor is at it", "run this again");
    }
    return new Wrong(
        CHECK,
        cause instanceof TimeoutException
            ? "none can be opened in time"
            : "none can be opened: " + cause.getClass().getSimpleName(),
        "see that __transaction_state is served: transaction.state.log.replication.factor and"
            + " .min.isr ask for no more brokers than there are");
  }

  private Map<String, Object> config() {
    Map<String, Object> config = properties.ofTransactions(id, TIMEOUT);
    String timeout = Long.toString(TIMEOUT.toMillis());
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    return config;
  }

  private static RecordMetadata sent(Future<RecordMetadata> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
    }
  }
}
