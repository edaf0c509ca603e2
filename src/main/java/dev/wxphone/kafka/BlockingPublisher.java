package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes a few records to one topic and waits until the brokers have acknowledged them. */
public final class BlockingPublisher {
  private BlockingPublisher() {}

  /**
   * Returns the metadata of each record.
   *
   * @throws OperatorException if one is not acknowledged; others may have been
   */
  public static List<RecordMetadata> publish(
      KafkaProperties properties, String topic, List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> config = properties.ofPublisher();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        sent.add(producer.send(record));
      }
      boolean flushed =
          BoundedFlush.flush(
              producer,
              BoundedFlush.timeout(config),
              () -> sent.stream().filter(Future::isDone).count());
      if (!flushed) {
        throw notAcknowledged(properties, topic, "none of them answers");
      }
      List<RecordMetadata> metadata = new ArrayList<>();
      for (Future<RecordMetadata> one : sent) {
        metadata.add(one.get());
      }
      return metadata;
    } catch (ExecutionException e) {
      throw notAcknowledged(properties, topic, KafkaErrors.rootCause(e).getClass().getSimpleName());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static OperatorException notAcknowledged(
      KafkaProperties properties, String topic, String why) {
    return OperatorException.failed(
        "the brokers at %s did not take it (%s): look at them and at the ACL Write on the topic %s, then run this again"
            .formatted(properties.bootstrapServers(), why, topic));
  }
}
