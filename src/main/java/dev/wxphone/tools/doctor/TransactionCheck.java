package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.tools.doctor.Finding.Unchecked;
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
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A transaction that sends one record and is taken back: no committed reader ever sees it. Its
 * transactional id is no other command's, so that it fences none.
 */
final class TransactionCheck {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final KafkaProperties properties;
  private final String id;
  private final String topic;

  /**
   * Prepares it.
   *
   * @param topic that the record goes to
   */
  TransactionCheck(KafkaProperties properties, String applicationId, String topic) {
    this.properties = properties;
    this.id = applicationId + "-doctor";
    this.topic = topic;
  }

  /**
   * Makes it.
   *
   * @param stamped whether the broker stamps what the topic takes, and so tells its time
   */
  List<Finding> findings(boolean stamped) {
    List<Finding> findings = new ArrayList<>();
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config(), new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      // Asked before, so that the time of sending is the broker's and the network's alone.
      producer.partitionsFor(topic);
      producer.beginTransaction();
      long before = System.currentTimeMillis();
      RecordMetadata sent =
          sent(producer.send(new ProducerRecord<>(topic, id.getBytes(UTF_8), null)));
      long after = System.currentTimeMillis();
      producer.abortTransaction();
      findings.add(TransactionFinding.available());
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
      findings.add(TransactionFinding.failed(e, id, topic));
    } finally {
      producer.close(CLOSE_WITHIN);
    }
    return findings;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = properties.ofTransactions(id, WITHIN);
    String within = Long.toString(WITHIN.toMillis());
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, within);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, within);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, within);
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
