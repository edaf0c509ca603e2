package dev.wxphone.tools.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordPublisherTest {
  @Test
  void a_broker_that_goes_away_is_given_up_within_half_a_minute() {
    ProducerConfig config = config(Map.of());
    assertThat(config.getInt("delivery.timeout.ms")).isLessThan(30_000);
    assertThat(config.getLong("max.block.ms")).isLessThan(30_000);
  }

  @ParameterizedTest
  @CsvSource({"delivery.timeout.ms, 40000", "request.timeout.ms, 60000", "linger.ms, 20000"})
  void timeouts_of_the_user_are_kept(String name, String value) {
    assertThat(RecordPublisher.withTimeouts(Map.of(name, value))).contains(entry(name, value));
    assertThat(config(Map.of(name, value)).originals()).contains(entry(name, value));
    assertThat(RecordPublisher.withTimeouts(Map.of("max.block.ms", "1")))
        .contains(entry("max.block.ms", "1"), entry("delivery.timeout.ms", "25000"));
  }

  private static ProducerConfig config(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(RecordPublisher.withTimeouts(properties));
    all.put("bootstrap.servers", "localhost:9092");
    all.put("key.serializer", ByteArraySerializer.class);
    all.put("value.serializer", ByteArraySerializer.class);
    return new ProducerConfig(all);
  }
}
