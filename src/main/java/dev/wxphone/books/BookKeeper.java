package dev.wxphone.books;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.domain.Reason;
import dev.wxphone.envelope.Coordinates;
import dev.wxphone.envelope.HeaderNames;
import dev.wxphone.settings.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads payloads and answers as they come and keeps the books. Let P be the coordinates on {@code
 * phone-payload}, A those that {@code wxphone.source} names on both outputs (of payloads; letters
 * of session keys name another topic), R those that {@code wxphone.rerouted-from} names on {@code
 * phone-payload}: A and R together hold each element of P once and nothing else. A few bits are
 * kept of each payload.
 */
public final class BookKeeper implements AutoCloseable {
  /** One partition of {@code phone-payload}, by offset. */
  private static final class Page {
    final BitSet payloads = new BitSet();
    final BitSet answered = new BitSet();
    final BitSet twice = new BitSet();

    void answer(int offset) {
      (answered.get(offset) ? twice : answered).set(offset);
    }
  }

  private final Consumer<byte[], byte[]> reader;
  private final TopicNames topics;
  private final Map<Integer, Long> firstOffsets = new HashMap<>();
  private final Map<Integer, Long> endOffsets = new HashMap<>();
  private final Map<Integer, Page> pages = new HashMap<>();
  private final Map<Reason, Long> deadLetters = new EnumMap<>(Reason.class);
  private long profiles;
  private long rerouted;

  private BookKeeper(
      Consumer<byte[], byte[]> reader,
      TopicNames topics,
      Function<List<TopicPartition>, Map<TopicPartition, Long>> begin) {
    this.reader = reader;
    this.topics = topics;
    List<TopicPartition> payloads = partitions(topics.phonePayload());
    List<TopicPartition> all = new ArrayList<>(payloads);
    all.addAll(partitions(topics.userProfile()));
    all.addAll(partitions(topics.deadLetter()));
    reader.assign(all);
    // Answers from the beginning: a profile has its click's time and not its own.
    reader.seekToBeginning(all);
    begin
        .apply(payloads)
        .forEach(
            (partition, offset) -> {
              reader.seek(partition, offset);
              firstOffsets.put(partition.partition(), offset);
              pages.put(partition.partition(), new Page());
            });
  }

  /**
   * Keeps books of the payloads that come from now on.
   *
   * @param reader reads committed records, has no group, and is closed with the keeper
   */
  public static BookKeeper fromNow(Consumer<byte[], byte[]> reader, TopicNames topics) {
    BookKeeper keeper = new BookKeeper(reader, topics, reader::endOffsets);
    // What is not published yet has no answer yet.
    reader.seekToEnd(keeper.partitions(topics.userProfile()));
    reader.seekToEnd(keeper.partitions(topics.deadLetter()));
    reader.assignment().forEach(reader::position);
    return keeper;
  }

  /** Keeps books of all payloads that the topic holds. */
  public static BookKeeper ofAll(Consumer<byte[], byte[]> reader, TopicNames topics) {
    return new BookKeeper(reader, topics, reader::beginningOffsets);
  }

  /** Keeps books of the payloads since an instant. */
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

  /** Payloads that come from now on are of no concern; answers to those before still are. */
  public void closeIntake() {
    reader
        .endOffsets(partitions(topics.phonePayload()))
        .forEach((partition, end) -> endOffsets.put(partition.partition(), end));
  }

  /** Reads what has come. */
  public void read(Duration atMost) {
    read(atMost, record -> {});
  }

  /**
   * Reads what has come.
   *
   * @param also sees each record
   */
  public void read(
      Duration atMost, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> also) {
    for (ConsumerRecord<byte[], byte[]> record : reader.poll(atMost)) {
      also.accept(record);
      if (record.topic().equals(topics.phonePayload())) {
        payload(record);
      } else {
        answer(record);
      }
    }
  }

  /** Reads until the ends that the topics have now. */
  public Books readToEnd() {
    Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
    while (ends.entrySet().stream().anyMatch(e -> reader.position(e.getKey()) < e.getValue())) {
      read(Duration.ofMillis(200));
    }
    return books();
  }

  /** The books as far as they are read. */
  public Books books() {
    long payloads = 0;
    long unanswered = 0;
    long twice = 0;
    long strange = 0;
    String example = "";
    for (Map.Entry<Integer, Page> entry : pages.entrySet()) {
      Page page = entry.getValue();
      BitSet missing = minus(page.payloads, page.answered);
      BitSet extra = minus(page.answered, page.payloads);
      payloads += page.payloads.cardinality();
      unanswered += missing.cardinality();
      twice += page.twice.cardinality();
      strange += extra.cardinality();
      BitSet wrong = (BitSet) missing.clone();
      wrong.or(page.twice);
      wrong.or(extra);
      if (!wrong.isEmpty()) {
        long offset = firstOffset(entry.getKey()) + wrong.nextSetBit(0);
        example = new Coordinates(topics.phonePayload(), entry.getKey(), offset).toString();
      }
    }
    return new Books(
        payloads,
        profiles,
        new EnumMap<>(deadLetters),
        rerouted,
        unanswered,
        twice,
        strange,
        example);
  }

  @Override
  public void close() {
    reader.close();
  }

  private void payload(ConsumerRecord<byte[], byte[]> record) {
    if (concerns(record.partition(), record.offset())) {
      page(record.partition()).payloads.set(index(record.partition(), record.offset()));
    }
    if (mark(coordinates(record, HeaderNames.REROUTED_FROM))) {
      rerouted++;
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> record) {
    if (!mark(coordinates(record, HeaderNames.SOURCE))) {
      return;
    }
    Header reason = record.headers().lastHeader(HeaderNames.REASON);
    if (record.topic().equals(topics.userProfile())) {
      profiles++;
    } else if (reason != null) {
      deadLetters.merge(Reason.valueOf(new String(reason.value(), UTF_8)), 1L, Long::sum);
    }
  }

  /** Notes an answer; false where it is to nothing that these books are of. */
  private boolean mark(@Nullable Coordinates to) {
    if (to == null
        || !to.topic().equals(topics.phonePayload())
        || !concerns(to.partition(), to.offset())) {
      return false;
    }
    page(to.partition()).answer(index(to.partition(), to.offset()));
    return true;
  }

  private boolean concerns(int partition, long offset) {
    return offset >= firstOffset(partition)
        && offset < endOffsets.getOrDefault(partition, Long.MAX_VALUE);
  }

  private Page page(int partition) {
    return pages.computeIfAbsent(partition, unseen -> new Page());
  }

  private long firstOffset(int partition) {
    return firstOffsets.getOrDefault(partition, 0L);
  }

  private int index(int partition, long offset) {
    return Math.toIntExact(offset - firstOffset(partition));
  }

  private static @Nullable Coordinates coordinates(
      ConsumerRecord<byte[], byte[]> record, String header) {
    return Coordinates.parse(HeaderNames.text(record.headers(), header));
  }

  private static BitSet minus(BitSet all, BitSet those) {
    BitSet rest = (BitSet) all.clone();
    rest.andNot(those);
    return rest;
  }
}
