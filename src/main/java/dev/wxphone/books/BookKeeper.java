package dev.wxphone.books;

import dev.wxphone.core.domain.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads payloads and answers and checks that each payload has one answer. Let P be the coordinates
 * on {@code phone-payload}, A those that {@code wxphone.source} names on both outputs (of payloads;
 * letters of session keys name another topic), R those that {@code wxphone.rerouted-from} names on
 * {@code phone-payload}: A and R together hold each element of P once and nothing else. A few bits
 * are kept of each payload.
 */
public final class BookKeeper implements AutoCloseable {
  private final Consumer<byte[], byte[]> reader;
  private final List<TopicPartition> payloads;
  private final Accounts accounts;

  private BookKeeper(
      Consumer<byte[], byte[]> reader,
      TopicNames topics,
      Function<List<TopicPartition>, Map<TopicPartition, Long>> begin) {
    this.reader = reader;
    this.payloads = partitions(topics.phonePayload());
    List<TopicPartition> all = new ArrayList<>(payloads);
    all.addAll(partitions(topics.userProfile()));
    all.addAll(partitions(topics.deadLetter()));
    reader.assign(all);
    // Answers from the beginning: the timestamp of a profile is that of its click.
    reader.seekToBeginning(all);
    Map<Integer, Long> firstOffsets = new HashMap<>();
    begin
        .apply(payloads)
        .forEach(
            (partition, offset) -> {
              reader.seek(partition, offset);
              firstOffsets.put(partition.partition(), offset);
            });
    this.accounts = new Accounts(topics, firstOffsets);
  }

  /**
   * Returns a keeper of the payloads that are published from now on.
   *
   * @param reader a consumer with {@code read_committed} and no group; closed with the keeper
   */
  public static BookKeeper fromNow(Consumer<byte[], byte[]> reader, TopicNames topics) {
    BookKeeper keeper = new BookKeeper(reader, topics, reader::endOffsets);
    // A payload that is not published yet has no answer yet.
    reader.seekToEnd(keeper.partitions(topics.userProfile()));
    reader.seekToEnd(keeper.partitions(topics.deadLetter()));
    reader.assignment().forEach(reader::position);
    return keeper;
  }

  /** Returns a keeper of all payloads that are on the topic. */
  public static BookKeeper ofAll(Consumer<byte[], byte[]> reader, TopicNames topics) {
    return new BookKeeper(reader, topics, reader::beginningOffsets);
  }

  /** Returns a keeper of the payloads since an instant. */
  public static BookKeeper since(
      Consumer<byte[], byte[]> reader, TopicNames topics, Instant since) {
    return new BookKeeper(
        reader,
        topics,
        payloads -> {
          Map<TopicPartition, Long> times = new HashMap<>();
          payloads.forEach(partition -> times.put(partition, since.toEpochMilli()));
          Map<TopicPartition, Long> offsets = new HashMap<>(reader.endOffsets(payloads));
          reader
              .offsetsForTimes(times)
              .forEach(
                  (partition, found) -> {
                    if (found != null) {
                      offsets.put(partition, found.offset());
                    }
                  });
          return offsets;
        });
  }

  private List<TopicPartition> partitions(String topic) {
    return reader.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** Leaves out payloads that are published from now on. */
  public void closeIntake() {
    reader
        .endOffsets(payloads)
        .forEach((partition, end) -> accounts.end(partition.partition(), end));
  }

  /** Reads the next records, and waits for some if there are none. */
  public void read(Duration atMost) {
    read(atMost, record -> {});
  }

  /**
   * Reads the next records, and waits for some if there are none.
   *
   * @param visitor called with each record
   */
  public void read(
      Duration atMost, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    for (ConsumerRecord<byte[], byte[]> record : reader.poll(atMost)) {
      visitor.accept(record);
      accounts.add(record);
    }
    // Transaction markers and aborted records advance the position without a record.
    payloads.forEach(
        partition -> accounts.readTo(partition.partition(), reader.position(partition)));
    accounts.settle();
  }

  /** Reads up to the ends that the topics have now. */
  public Books readToEnd() {
    Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
    while (ends.entrySet().stream().anyMatch(e -> reader.position(e.getKey()) < e.getValue())) {
      read(Duration.ofMillis(200));
    }
    return books();
  }

  /** Returns the offset that is read next, of each partition. */
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    reader.assignment().forEach(partition -> positions.put(partition, reader.position(partition)));
    return positions;
  }

  /** Returns the books of the records so far. */
  public Books books() {
    return accounts.books();
  }

  @Override
  public void close() {
    reader.close();
  }
}
