package dev.wxphone.tools.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.BlockingPublisher;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import java.util.Collection;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Marks letters as dealt with, so that they are not offered again. */
public final class Parking {
  private Parking() {}

  /**
   * Returns when the broker has taken all of it.
   *
   * @throws dev.wxphone.operator.OperatorException where it takes one not; to do it again does no
   *     harm
   */
  public static void park(Settings settings, Collection<DeadLetterId> ids, AuditRecord entry) {
    KafkaProperties properties = new KafkaProperties(settings);
    String topic = settings.topics().deadLetterAudit();
    byte[] value = entry.write();
    BlockingPublisher.publish(
        properties,
        topic,
        ids.stream()
            .map(id -> new ProducerRecord<>(topic, id.toString().getBytes(UTF_8), value))
            .toList());
  }
}
