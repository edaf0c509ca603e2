package dev.wxphone.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads ends of topics, committed records only, without a group and within bounds. */
public final class NewestRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> reader;

  public NewestRecords(KafkaProperties properties, Duration timeout) {
    Map<String, Object> config = properties.ofReader();
    config.put(
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis()));
    reader = new KafkaConsumer<>(config);
  }

  /**
   * Shows the newest records of a topic, so many at most, in the order of each partition; returns
   * false where there was no time to see all.
   *
   * @param since by a record's own timestamp
   */
  public boolean read(
      String topic, int most, Instant since, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> partitions = assign(topic);
    Map<TopicPartition, Long> from = new HashMap<>(reader.beginningOffsets(partitions));
    Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
    long share = Math.max(1, most / Math.max(1, partitions.size()));
    from.replaceAll(
        (partition, begin) -> Math.max(begin, ends.getOrDefault(partition, begin) - share));
    return read(
        from,
        ends,
        record -> {
          if (record.timestamp() >= since.toEpochMilli()) {
            each.accept(record);
          }
        });
  }

  /**
   * Shows the oldest records of a topic whose records lie in the order of their timestamps; returns
   * false where there was no time to see all.
   *
   * @param until the first of a later one is where it ends
   */
  public boolean readOldest(
      String topic, Instant until, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> partitions = assign(topic);
    Map<TopicPartition, Long> ends = new HashMap<>(reader.endOffsets(partitions));
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, until.toEpochMilli()));
    reader
        .offsetsForTimes(times)
        .forEach(
            (partition, found) -> {
              if (found != null) {
                ends.put(partition, found.offset());
              }
            });
    return read(reader.beginningOffsets(partitions), ends, each);
  }

  private List<TopicPartition> assign(String topic) {
    List<TopicPartition> partitions =
        reader.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    reader.assign(partitions);
    // An assignment that stays the same leaves paused what was.
    reader.resume(partitions);
    return partitions;
  }

  private boolean read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> until,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    from.forEach(reader::seek);
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    while (!atEnd(until) && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < until.getOrDefault(partition, 0L)) {
          each.accept(record);
        }
      }
    }
    return atEnd(until);
  }

  /**
   * Of these partitions, those that hold a record between two offsets: an end marker of a
   * transaction counts as an offset too.
   *
   * @param from by partition; where it isn't kept any more, from the oldest that is
   */
  public Set<TopicPartition> holdingRecords(
      Map<TopicPartition, Long> from, Map<TopicPartition, Long> until) {
    Set<TopicPartition> holding = new HashSet<>();
    if (from.isEmpty()) {
      return holding;
    }
    reader.assign(from.keySet());
    reader.resume(from.keySet());
    Map<TopicPartition, Long> begins = reader.beginningOffsets(from.keySet());
    from.forEach(
        (partition, offset) ->
            reader.seek(partition, Math.max(offset, begins.getOrDefault(partition, 0L))));
    Set<TopicPartition> open = new HashSet<>(from.keySet());
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (open.remove(partition)) {
          holding.add(partition);
          reader.pause(Set.of(partition));
        }
      }
      open.removeIf(partition -> reader.position(partition) >= until.getOrDefault(partition, 0L));
    }
    // What could not be read in time is there, as far as anybody knows.
    holding.addAll(open);
    return holding;
  }

  /** Whether a topic holds a committed record, or may hold one. */
  public boolean holdsAny(String topic) {
    List<TopicPartition> partitions = assign(topic);
    return !holdingRecords(reader.beginningOffsets(partitions), reader.endOffsets(partitions))
        .isEmpty();
  }

  @Override
  public void close() {
    reader.close();
  }

  private boolean atEnd(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(entry -> reader.position(entry.getKey()) >= entry.getValue());
  }
}
