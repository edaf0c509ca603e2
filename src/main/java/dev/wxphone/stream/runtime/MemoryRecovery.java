package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.BatchReader;
import dev.wxphone.kafka.BatchReader.PackedRecord;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.OversizedRecords;
import dev.wxphone.kafka.OversizedRecords.Head;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows when the stream has run out of memory. A record that is small on the broker can be
 * larger than all memory once it is unpacked. Kafka's consumer unpacks it before the stream sees
 * it, and what was read with it is lost; so the stream reads one record at a time until it has
 * answered all before that one, and then ends with a line that names it.
 */
final class MemoryRecovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryRecovery.class);

  /** A record takes about twice its size while it is read, and the heap is not empty. */
  private static final int SHARE_OF_HEAP = 8;

  private final Admin admin;
  private final AdminCalls calls;
  private final BatchReader reader;
  private final GroupOffsets offsets;
  private final TopicNames topics;

  /** The oversized records that the stream has to reach, and their offsets. */
  private Map<TopicPartition, Long> suspects = Map.of();

  /** Where the group was when a stream that read one record at a time began. */
  private Map<TopicPartition, Long> begun = Map.of();

  MemoryRecovery(Settings settings) {
    KafkaProperties properties = new KafkaProperties(settings);
    this.admin = Admin.create(properties.ofAdmin());
    this.calls = new AdminCalls(properties.bootstrapServers());
    this.reader = new BatchReader(properties);
    this.offsets = new GroupOffsets(admin, calls, settings.applicationId());
    this.topics = settings.topics();
  }

  /**
   * Decides after a death that the stream goes on, one record at a time.
   *
   * @param recordAtATime whether the stream that died read one record at a time
   * @throws OperatorException if that would not help; the line names the record that can't be read,
   *     if there is one
   */
  void afterDeath(boolean recordAtATime) {
    Map<TopicPartition, Long> committed = committed();
    if (recordAtATime) {
      requireReadable(committed);
    }
    List<PackedRecord> largest = OversizedRecords.largest(reader, committed);
    if (largest.isEmpty() || (recordAtATime && committed.equals(begun))) {
      throw OperatorException.failed(
          "out of memory (the heap has %d MB), and no record that comes next is to blame; give it more, as in java -Xmx2g -jar wxphone.jar run"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
    }
    Map<TopicPartition, Long> found = new HashMap<>();
    largest.forEach(record -> found.put(record.partition(), record.offset()));
    suspects = found;
    begun = committed;
    LOG.warn(
        "out of memory, perhaps by {}; going on with one record at a time",
        OversizedRecords.describe(largest.get(0)));
  }

  /** Returns whether the stream has passed all records that may have taken its memory. */
  boolean isOver() {
    try {
      Map<TopicPartition, Long> committed = offsets.committed(suspects.keySet());
      return suspects.entrySet().stream()
          .allMatch(e -> committed.getOrDefault(e.getKey(), 0L) > e.getValue());
    } catch (OperatorException unanswered) {
      return false;
    }
  }

  /** Fails if the stream has answered all before a record that it can't read. */
  private void requireReadable(Map<TopicPartition, Long> committed) {
    List<Head> heads = new ArrayList<>();
    committed.forEach(
        (partition, offset) -> {
          Head head = OversizedRecords.head(reader, partition, offset);
          if (head != null && head.isOversized()) {
            heads.add(head);
          }
        });
    Head largest = heads.stream().max(Comparator.comparingInt(Head::largest)).orElse(null);
    // If it is not that large, the one to blame may lie behind a record that is not answered yet.
    if (largest != null
        && (largest.largest() > Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP
            || committed.equals(begun))) {
      throw OperatorException.failed(
          "out of memory at %s, and what lies behind it can't be read; all before it is answered: go past it with wxphone skip %s, then start again"
              .formatted(
                  OversizedRecords.describe(largest.record()), largest.record().coordinates()));
    }
  }

  private Map<TopicPartition, Long> committed() {
    List<TopicPartition> inputs = new ArrayList<>();
    calls
        .get(
            admin
                .describeTopics(List.of(topics.phonePayload(), topics.sessionKey()))
                .allTopicNames(),
            "Describe on the input topics")
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(p -> inputs.add(new TopicPartition(name, p.partition()))));
    return offsets.committed(inputs);
  }

  @Override
  public void close() {
    reader.close();
    admin.close();
  }
}
