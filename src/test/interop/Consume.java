import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

abstract class Consume {
  abstract void save(ConsumerRecord<String, String> profile);

  abstract void forget(String openid);

  final void run() {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", "localhost:9092",
            "group.id", "crm",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false);
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("user-profile"));
      while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.value() == null) {
            forget(record.key());
          } else {
            save(record);
          }
        }
        consumer.commitSync();
      }
    }
  }
}
