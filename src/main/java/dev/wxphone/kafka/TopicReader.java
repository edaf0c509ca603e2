package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics to their end: committed records only, each once, without a group. A read ends at
 * offsets that are taken before it, so it comes to an end however much is written meanwhile.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** How long a read waits for the next record before it fails. */
  private static final Duration STALLED_AFTER = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProperties properties;
  private final LongConsumer progress;
  private long records;

  /**
   * The records between two offsets of each partition.
   *
   * @param begins first offset of each partition
   * @param ends offset behind the last record of each partition
   */
  public record Span(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    public Span {
      begins = Map.copyOf(begins);
      ends = Map.copyOf(ends);
    }

    /** Returns the part of the span that lies in these partitions. */
    public Span only(IntPredicate partitions) {
      return new Span(some(begins, partitions), some(ends, partitions));
    }

    /** Returns the part of the span from these offsets on. */
    public Span from(Map<TopicPartition, Long> offsets) {
      Map<TopicPartition, Long> rest = new HashMap<>(begins);
      rest.replaceAll(
          (partition, begin) -> Math.max(begin, offsets.getOrDefault(partition, begin)));
      return new Span(rest, ends);
    }

    /**
     * Returns the newest records of the span.
     *
     * @param most upper limit of their number; each partition has an equal share of it
     */
    public Span newest(int most) {
      long share = Math.max(1, most / Math.max(1, ends.size()));
      Map<TopicPartition, Long> offsets = new HashMap<>(ends);
      offsets.replaceAll((partition, end) -> end - share);
      return from(offsets);
    }

    private static Map<TopicPartition, Long> some(
        Map<TopicPartition, Long> offsets, IntPredicate partitions) {
      return offsets.entrySet().stream()
          .filter(entry -> partitions.test(entry.getKey().partition()))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
  }

  /** What to read after a record. */
  private enum Next {
    RECORD,
    PARTITION,
    NOTHING
  }

  /** How a read ended. */
  private enum End {
    READ,
    STOPPED,
    TIMEOUT
  }

  /**
   * Creates a reader that waits for a broker as long as Kafka's consumer does by default.
   *
   * @param progress receives the number of records read so far
   */
  public TopicReader(KafkaProperties properties, LongConsumer progress) {
    this(properties, Map.of(), progress);
  }

  /**
   * Creates a reader.
   *
   * @param timeout of each request for offsets or partitions
   */
  public TopicReader(KafkaProperties properties, Duration timeout) {
    this(
        properties,
        Map.of(
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(timeout.toMillis())),
        records -> {});
  }

  private TopicReader(
      KafkaProperties properties, Map<String, Object> overrides, LongConsumer progress) {
    this.properties = properties;
    this.progress = progress;
    Map<String, Object> config = properties.ofReader();
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
    config.putAll(overrides);
    consumer = new KafkaConsumer<>(config);
  }

  /** Returns the records that the topic holds now. */
  public Span span(String topic) {
    List<TopicPartition> partitions = partitions(topic);
    // For partitions that are not assigned, the client warns of each that it discards the offset.
    consumer.assign(partitions);
    return new Span(consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
  }

  /**
   * Returns the records that were written to the topic before now, committed or not: reading them
   * waits for open transactions. A read to the last stable offset would miss what was committed
   * behind the beginning of an open transaction.
   */
  public Span spanOfAllWritten(String topic) {
    Span committed = span(topic);
    Map<String, Object> config = new HashMap<>(properties.ofReader());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> uncommitted = new KafkaConsumer<>(config)) {
      uncommitted.assign(committed.ends().keySet());
      return new Span(committed.begins(), uncommitted.endOffsets(committed.ends().keySet()));
    }
  }

  /** Returns the records of a topic in timestamp order that are older than an instant. */
  public Span spanBefore(String topic, Instant until) {
    Span all = span(topic);
    Map<TopicPartition, Long> ends = new HashMap<>(all.ends());
    consumer
        .offsetsForTimes(
            ends.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), p -> until.toEpochMilli())))
        .forEach(
            (partition, found) -> {
              if (found != null) {
                ends.put(partition, found.offset());
              }
            });
    return new Span(all.begins(), ends);
  }

  /** Returns the number of partitions of the topic. */
  public int partitionCount(String topic) {
    return partitions(topic).size();
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found.isEmpty()) {
      throw KafkaErrors.missingTopic(topic, properties.bootstrapServers());
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  /**
   * Passes each record of the span that still exists to the visitor, those of a partition in order.
   *
   * @throws OperatorException if the brokers return no record for 30 s, or a record is larger than
   *     the memory
   */
  public void read(Span span, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    readWhile(
        span,
        record -> {
          visitor.accept(record);
          return true;
        });
  }

  /**
   * Passes records to the visitor until it returns false.
   *
   * @throws OperatorException if the brokers return no record for 30 s, or a record is larger than
   *     the memory
   */
  public void readWhile(Span span, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
    End end =
        poll(
            span, STALLED_AFTER, true, record -> visitor.test(record) ? Next.RECORD : Next.NOTHING);
    if (end == End.TIMEOUT) {
      throw OperatorException.failed(
          "the brokers at %s gave no more of a topic for %d s, or a transaction on it is open so long: look at them (wxphone doctor), then run this again"
              .formatted(properties.bootstrapServers(), STALLED_AFTER.toSeconds()));
    }
  }

  /**
   * Passes the records of the span to the visitor for a limited time.
   *
   * @return false if the time was too short for all of them
   */
  public boolean readWithin(
      Duration timeout, Span span, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    End end =
        poll(
            span,
            timeout,
            false,
            record -> {
              visitor.accept(record);
              return Next.RECORD;
            });
    return end == End.READ;
  }

  /**
   * Returns whether the span holds a committed record; true also if it can't be read in time.
   * Offsets do not tell: the markers of transactions and aborted records have offsets, too.
   */
  public boolean mayHoldRecords(Duration timeout, Span span) {
    return mayHoldRecords(timeout, span, record -> true);
  }

  /** Returns whether the span holds such a record; true also if it can't be read in time. */
  public boolean mayHoldRecords(
      Duration timeout, Span span, Predicate<ConsumerRecord<byte[], byte[]>> such) {
    return poll(span, timeout, false, record -> such.test(record) ? Next.NOTHING : Next.RECORD)
        != End.READ;
  }

  /** Returns the partitions of the span for which {@link #mayHoldRecords} holds. */
  public Set<TopicPartition> partitionsWithRecords(Duration timeout, Span span) {
    Set<TopicPartition> found = new HashSet<>();
    poll(
        span,
        timeout,
        false,
        record -> {
          found.add(partitionOf(record));
          return Next.PARTITION;
        });
    // Those that could not be read in time.
    span.ends().entrySet().stream()
        .filter(entry -> consumer.position(entry.getKey()) < entry.getValue())
        .map(Map.Entry::getKey)
        .forEach(found::add);
    return found;
  }

  /**
   * Reads the span.
   *
   * @param restartTimeout whether the timeout starts again with each record
   */
  private End poll(
      Span span,
      Duration timeout,
      boolean restartTimeout,
      Function<ConsumerRecord<byte[], byte[]>, Next> visitor) {
    consumer.assign(span.ends().keySet());
    // An assignment that stays the same keeps paused what an earlier read has paused.
    consumer.resume(span.ends().keySet());
    span.begins().forEach(consumer::seek);
    Map<TopicPartition, Long> unread = new HashMap<>(span.ends());
    long start = System.nanoTime();
    while (!isRead(unread)) {
      if (System.nanoTime() - start > timeout.toNanos()) {
        return End.TIMEOUT;
      }
      for (ConsumerRecord<byte[], byte[]> record : poll(unread)) {
        Long end = unread.get(partitionOf(record));
        Next next = end != null && record.offset() < end ? visitor.apply(record) : Next.RECORD;
        if (next == Next.NOTHING) {
          return End.STOPPED;
        }
        if (next == Next.PARTITION) {
          unread.remove(partitionOf(record));
          consumer.pause(List.of(partitionOf(record)));
        }
        progress.accept(++records);
        start = restartTimeout ? System.nanoTime() : start;
      }
    }
    return End.READ;
  }

  /**
   * Polls once.
   *
   * @throws OperatorException if memory is too small for the next records; the line names the
   *     largest of them
   */
  private ConsumerRecords<byte[], byte[]> poll(Map<TopicPartition, Long> unread) {
    try {
      return consumer.poll(POLL);
    } catch (OutOfMemoryError e) {
      Map<TopicPartition, Long> positions = new HashMap<>(unread);
      positions.replaceAll((partition, end) -> consumer.position(partition));
      // Also drops what is left of the record, which the consumer would take for corrupt.
      consumer.unsubscribe();
      throw OversizedRecords.failure(properties, positions, e);
    }
  }

  /** Pauses partitions that are read, so that their rest is not fetched for nothing. */
  private boolean isRead(Map<TopicPartition, Long> unread) {
    List<TopicPartition> read =
        unread.entrySet().stream()
            .filter(entry -> consumer.position(entry.getKey()) >= entry.getValue())
            .map(Map.Entry::getKey)
            .toList();
    if (!read.isEmpty()) {
      read.forEach(unread::remove);
      consumer.pause(read);
    }
    return unread.isEmpty();
  }

  private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
