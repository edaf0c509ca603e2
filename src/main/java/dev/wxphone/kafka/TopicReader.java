package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads topics from end to end, committed records only, each record once and none kept. */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProperties properties;
  private final String bootstrapServers;
  private final LongConsumer progress;
  private long records;

  /**
   * Which records: those of a moment.
   *
   * @param begins the first offset of each partition
   * @param ends the offset behind the last record of each
   */
  public record Span(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    public Span {
      begins = Map.copyOf(begins);
      ends = Map.copyOf(ends);
    }

    /** The same of some partitions. */
    public Span only(IntPredicate partitions) {
      return new Span(some(begins, partitions), some(ends, partitions));
    }

    /** The same from where another span ended. */
    public Span from(Map<TopicPartition, Long> read) {
      Map<TopicPartition, Long> rest = new HashMap<>(begins);
      rest.replaceAll((partition, begin) -> Math.max(begin, read.getOrDefault(partition, begin)));
      return new Span(rest, ends);
    }

    private static Map<TopicPartition, Long> some(
        Map<TopicPartition, Long> offsets, IntPredicate partitions) {
      return offsets.entrySet().stream()
          .filter(entry -> partitions.test(entry.getKey().partition()))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
  }

  /**
   * A reader that reads nothing yet.
   *
   * @param progress hears how many records were read by now
   */
  public TopicReader(KafkaProperties properties, LongConsumer progress) {
    this.properties = properties;
    this.progress = progress;
    Map<String, Object> config = new HashMap<>(properties.ofReader());
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
    consumer = new KafkaConsumer<>(config);
    bootstrapServers = properties.bootstrapServers();
  }

  /** What the topic holds now. */
  public Span span(String topic) {
    List<TopicPartition> partitions = partitions(topic);
    // Of partitions that are not assigned, the client would say with a warning each that it forgets
    // what it was asked.
    consumer.assign(partitions);
    return new Span(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
  }

  /**
   * What was written to the topic by now, committed or not yet: to read it is to wait for the
   * transactions that are open. Else what was committed behind the beginning of an open one would
   * be missed.
   */
  public Span spanOfAllWritten(String topic) {
    Span committed = span(topic);
    Map<String, Object> config = new HashMap<>(properties.ofReader());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> asking = new KafkaConsumer<>(config)) {
      asking.assign(committed.ends().keySet());
      return new Span(committed.begins(), asking.endOffsets(committed.ends().keySet()));
    }
  }

  /** How many partitions the topic has. */
  public int partitionCount(String topic) {
    return partitions(topic).size();
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found.isEmpty()) {
      throw AdminTrouble.missingTopic(topic, bootstrapServers);
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  /** Shows each record of the span that is still there, those of a partition in order. */
  public void read(Span span, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    readWhile(
        span,
        record -> {
          visitor.accept(record);
          return true;
        });
  }

  /** The same, until the visitor has seen enough and says false. */
  public void readWhile(Span span, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    consumer.assign(span.ends().keySet());
    // They may have been read before.
    consumer.resume(span.ends().keySet());
    span.begins().forEach(consumer::seek);
    long lastProgress = System.nanoTime();
    Map<TopicPartition, Long> left = new HashMap<>(span.ends());
    while (!behind(left)) {
      boolean none = true;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        none = false;
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean inside = record.offset() < span.ends().getOrDefault(partition, 0L);
        if (inside && !visitor.test(record)) {
          return;
        }
        progress.accept(++records);
      }
      long now = System.nanoTime();
      if (!none) {
        lastProgress = now;
      } else if (now - lastProgress > PATIENCE.toNanos()) {
        throw OperatorException.failed(
            "the brokers at %s gave no more of a topic for %d s, or a transaction on it is open so long: look at them (wxphone doctor), then run this again"
                .formatted(bootstrapServers, PATIENCE.toSeconds()));
      }
    }
  }

  /** Forgets partitions that are read, so that their rest is not fetched for nothing. */
  private boolean behind(Map<TopicPartition, Long> left) {
    List<TopicPartition> read =
        left.entrySet().stream()
            .filter(entry -> consumer.position(entry.getKey()) >= entry.getValue())
            .map(Map.Entry::getKey)
            .toList();
    if (!read.isEmpty()) {
      read.forEach(left::remove);
      consumer.pause(read);
    }
    return left.isEmpty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
