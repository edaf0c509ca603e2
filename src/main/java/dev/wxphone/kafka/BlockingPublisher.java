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

/** A few records that a command publishes to one topic. */
public final class BlockingPublisher {
  private BlockingPublisher() {}

  /**
   * Returns where they lie when the broker has taken all.
   *
   * @throws OperatorException where it takes one not; others may have been taken
   */
  public static List<RecordMetadata> of(
      KafkaProperties properties, String topic, List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> all = properties.ofPublisher();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        sent.add(producer.send(record));
      }
      boolean answered =
          BoundedFlush.of(
              producer,
              BoundedFlush.patience(all),
              () -> sent.stream().filter(Future::isDone).count());
      if (!answered) {
        throw notTaken(properties, topic, "none of them answers");
      }
      List<RecordMetadata> taken = new ArrayList<>();
      for (Future<RecordMetadata> one : sent) {
        taken.add(one.get());
      }
      return taken;
    } catch (ExecutionException e) {
      throw notTaken(properties, topic, String.valueOf(e.getCause()).split(":", 2)[0]);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static OperatorException notTaken(KafkaProperties properties, String topic, String why) {
    return OperatorException.failed(
        "the brokers at %s did not take it (%s): look at them and at the ACL Write on the topic %s, then run this again"
            .formatted(properties.bootstrapServers(), why, topic));
  }
}
