package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.OperatorException;
import dev.wxphone.codec.AuditRecord;
import dev.wxphone.envelope.LetterId;
import dev.wxphone.runtime.KafkaProperties;
import dev.wxphone.settings.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Marks letters as dealt with, so that they are not offered again. */
public final class Parking {
  private Parking() {}

  /**
   * Returns when the broker has taken all of it.
   *
   * @throws OperatorException where it takes one not; to do it again does no harm
   */
  public static void park(Settings settings, Collection<LetterId> ids, AuditRecord entry) {
    KafkaProperties properties = new KafkaProperties(settings);
    String topic = settings.topics().deadLetterAudit();
    byte[] value = entry.write();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            properties.ofPublisher(), new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (LetterId id : ids) {
        sent.add(producer.send(new ProducerRecord<>(topic, id.toString().getBytes(UTF_8), value)));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw OperatorException.failed(
          "the brokers at %s did not take it (%s): look at them and at the ACL Write on the topic %s, then run this again"
              .formatted(
                  properties.bootstrapServers(),
                  String.valueOf(e.getCause()).split(":", 2)[0],
                  topic));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
