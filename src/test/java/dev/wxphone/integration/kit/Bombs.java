package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.kafka.KafkaProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Record batches that are small on the broker and larger than a program's memory once unpacked. */
public final class Bombs {
  /** More than the heap of a {@link Program}. */
  public static final int BYTES = 300_000_000;

  /** Stands for the value that is too large. */
  public static final String BOMB = "bomb";

  private Bombs() {}

  /**
   * Publishes records in one batch, compressed with gzip, and returns where they are.
   *
   * @param values keys and values; {@link #BOMB} for one of {@link #BYTES} zeros
   */
  public static List<RecordMetadata> publish(
      KafkaProperties kafka, String topic, int partition, List<Map.Entry<String, String>> values) {
    Map<String, Object> properties = new HashMap<>(kafka.ofPublisher());
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "" + Integer.MAX_VALUE);
    // The producer allocates a batch as a whole.
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, "" + (BYTES + 16_000_000));
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, "" + (BYTES + 32_000_000L));
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "60000");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Map.Entry<String, String> value : values) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topic, partition, value.getKey().getBytes(UTF_8), bytes(value.getValue()))));
      }
      producer.flush();
      List<RecordMetadata> all = new ArrayList<>();
      for (Future<RecordMetadata> one : sent) {
        all.add(one.get());
      }
      return all;
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String value) {
    return value.equals(BOMB) ? new byte[BYTES] : value.getBytes(UTF_8);
  }
}
