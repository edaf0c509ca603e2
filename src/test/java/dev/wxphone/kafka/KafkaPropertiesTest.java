package dev.wxphone.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "group.protocol=streams",
        "group.protocol=consumer",
        "group.protocol=consumer session.timeout.ms=10000",
        "group.protocol=consumer heartbeat.interval.ms=1000",
        "group.remote.assignor=uniform",
        "partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor"
            + " group.protocol=consumer",
        "session.timeout.ms=10000",
        "heartbeat.interval.ms=60000",
        "group.id=mine group.instance.id=mine-1",
      })
  void settings_of_the_streams_group_keep_no_other_client_from_being_made(String given) {
    KafkaProperties properties = new KafkaProperties(settings(given));
    Map<String, Object> publisher = new HashMap<>(properties.ofPublisher());
    publisher.put("key.serializer", ByteArraySerializer.class.getName());
    publisher.put("value.serializer", ByteArraySerializer.class.getName());
    try (Admin admin = Admin.create(properties.ofAdmin());
        KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(properties.ofReader());
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(publisher)) {
      assertThat(admin).isNotNull();
      assertThat(reader.assignment()).isEmpty();
      producer.close(Duration.ZERO);
    }
  }

  private static Settings settings(String given) {
    Map<String, String> all = new HashMap<>();
    all.put("bootstrap.servers", "localhost:1");
    for (String pair : given.split(" ", -1)) {
      all.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return Settings.load(null, Map.of(), all, warning -> {});
  }
}
