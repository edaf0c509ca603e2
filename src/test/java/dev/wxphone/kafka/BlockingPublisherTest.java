package dev.wxphone.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class BlockingPublisherTest {
  /** Kafka's own flush would wait for ever for the id of the producer. */
  @Test
  void a_broker_that_gives_no_producer_id_is_not_waited_for_for_ever() throws IOException {
    try (MuteBroker broker = new MuteBroker("audit")) {
      Settings settings =
          Settings.load(
              null,
              Map.of(),
              Map.of(
                  "bootstrap.servers", broker.bootstrapServers(),
                  "delivery.timeout.ms", "1000",
                  "request.timeout.ms", "500"),
              warning -> {});
      List<ProducerRecord<byte[], byte[]>> records =
          List.of(
              new ProducerRecord<>("audit", "1@1".getBytes(UTF_8), "{}".getBytes(UTF_8)),
              new ProducerRecord<>("audit", "1@2".getBytes(UTF_8), "{}".getBytes(UTF_8)));
      assertThatThrownBy(
              () -> BlockingPublisher.publish(new KafkaProperties(settings), "audit", records))
          .isInstanceOf(OperatorException.class)
          .hasMessage(
              "the brokers at %s did not take it (none of them answers): look at them and at the"
                      .formatted(broker.bootstrapServers())
                  + " ACL Write on the topic audit, then run this again");
    }
  }
}
