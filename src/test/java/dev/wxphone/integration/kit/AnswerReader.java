package dev.wxphone.integration.kit;

import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.source;

import dev.wxphone.kafka.KafkaProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed answers of an installation, by the records that they answer. */
final class AnswerReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> answers = new HashMap<>();

  AnswerReader(KafkaProperties properties, List<String> topics, int partitions) {
    consumer = new KafkaConsumer<>(properties.ofReader());
    List<TopicPartition> outputs = new ArrayList<>();
    for (String topic : topics) {
      for (int partition = 0; partition < partitions; partition++) {
        outputs.add(new TopicPartition(topic, partition));
      }
    }
    consumer.assign(outputs);
    consumer.seekToBeginning(outputs);
  }

  /** Waits for the committed answer to a record. */
  ConsumerRecord<byte[], byte[]> answerTo(RecordMetadata record) {
    String source = source(record);
    Program.await(
        "there is an answer to " + source,
        () -> {
          // Most answers come together, so one poll finds many.
          if (!answers.containsKey(source)) {
            poll();
          }
          return answers.containsKey(source);
        });
    return Objects.requireNonNull(answers.get(source)).get(0);
  }

  /** Returns the committed answers to a record so far. */
  List<ConsumerRecord<byte[], byte[]>> answersTo(RecordMetadata record) {
    poll();
    return answers.getOrDefault(source(record), List.of());
  }

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(POLL)) {
      answers
          .computeIfAbsent(
              Objects.requireNonNull(header(answer, "wxphone.source")), s -> new ArrayList<>())
          .add(answer);
    }
  }

  /** Waits until there are this many committed answers, and returns all. */
  List<ConsumerRecord<byte[], byte[]>> await(int count) {
    Program.await(
        "there are " + count + " answers",
        () -> {
          poll();
          return all().size() >= count;
        });
    return all();
  }

  /** Returns the answers that have been read. */
  List<ConsumerRecord<byte[], byte[]>> all() {
    return answers.values().stream().flatMap(List::stream).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
