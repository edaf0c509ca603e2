package dev.wxphone.benchmark;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The longest time in which a reader of committed records got no answer in a partition. Profiles
 * lie in the partition of their payload, as both are keyed by openid.
 */
final class AnswerGaps implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> reader;
  private final Map<TopicPartition, Long> last = new HashMap<>();
  private final Map<TopicPartition, Long> longest = new HashMap<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CompletableFuture<Void> ended;

  /** Starts to read a topic at its end. */
  AnswerGaps(BenchmarkBroker broker, String topic) {
    reader = broker.reader();
    List<TopicPartition> partitions = broker.partitions(topic);
    reader.assign(partitions);
    reader.seekToEnd(partitions);
    partitions.forEach(reader::position);
    partitions.forEach(partition -> last.put(partition, System.nanoTime()));
    restart();
    ended = CompletableFuture.runAsync(this::read, work -> new Thread(work, "answer-gaps").start());
  }

  /** Forgets the gaps until now. */
  synchronized void restart() {
    long now = System.nanoTime();
    longest.clear();
    last.replaceAll((partition, at) -> now);
  }

  /**
   * Returns the longest gap of each partition since the last restart, in seconds, shortest first.
   */
  synchronized List<Double> seconds() {
    long now = System.nanoTime();
    return last.entrySet().stream()
        .map(entry -> Math.max(longest.getOrDefault(entry.getKey(), 0L), now - entry.getValue()))
        .map(nanos -> nanos / 1e9)
        .sorted()
        .toList();
  }

  private void read() {
    while (!stopped.get()) {
      for (ConsumerRecord<byte[], byte[]> answer : reader.poll(POLL)) {
        onAnswer(new TopicPartition(answer.topic(), answer.partition()));
      }
    }
  }

  private synchronized void onAnswer(TopicPartition partition) {
    long now = System.nanoTime();
    Long before = last.put(partition, now);
    if (before != null) {
      longest.merge(partition, now - before, Math::max);
    }
  }

  @Override
  public void close() {
    stopped.set(true);
    ended.join();
    reader.close();
  }
}
