package dev.wxphone.tools.doctor;

import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.Changelogs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Checks whether records of an input topic lie in the partition of their key, and if not, why. */
final class PartitionerCheck {
  static final String CHECK = "partitioner";

  /** By how many standard deviations an explanation must exceed chance. */
  private static final double BEYOND_CHANCE = 3;

  private static final String OTHERS =
      "let that client partition by murmur2 of the key, as Kafka's Java producer does; README.md,"
          + " Publish, has the setting of each client";

  /** Fewer distinct keys are explained by chance too easily. */
  private static final int MIN_KEYS = 10;

  private static final double NEARLY_ALL = 0.95;

  private final String topic;
  private final int partitions;
  private final int statePartitions;
  private final Set<KeyAt> misplacedKeys = new HashSet<>();
  private final Set<KeyAt> leftBehind = new HashSet<>();
  private long records;
  private long misplaced;
  private @Nullable RecordCoordinates newest;
  private long newestTimestamp = Long.MIN_VALUE;

  private record KeyAt(ByteBuffer key, int partition) {}

  /**
   * Creates the check.
   *
   * @param partitions number of partitions of the topic
   * @param statePartitions number of partitions of the stream's state; if there is none, that of
   *     the topic
   */
  PartitionerCheck(String topic, int partitions, int statePartitions) {
    this.topic = topic;
    this.partitions = partitions;
    this.statePartitions = statePartitions;
  }

  /** Takes a record into account, in any order. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] key = record.key();
    if (key == null || !Openid.isOne(key) || has(record, HeaderNames.REROUTED_FROM)) {
      // It belongs nowhere, or was written by wxphone and not by a client.
      return;
    }
    boolean right = Partitioning.of(key, partitions) == record.partition();
    KeyAt at = new KeyAt(ByteBuffer.wrap(key), record.partition());
    if (has(record, HeaderNames.REROUTED_TO) && record.value() == null) {
      // What compaction has left of a rerouted session key. One that names its own partition was
      // written by the processor for itself.
      if (!right && !namesOwnPartition(record)) {
        leftBehind.add(at);
        note(record);
      }
      return;
    }
    records++;
    if (!right) {
      misplaced++;
      misplacedKeys.add(at);
      note(record);
    }
  }

  /**
   * Returns the finding.
   *
   * @param since maximum age of the records
   */
  Finding finding(Duration since, Instant now) {
    Set<KeyAt> keys = new HashSet<>(leftBehind);
    keys.removeAll(misplacedKeys);
    long wrong = misplaced + keys.size();
    long all = records + keys.size();
    keys.addAll(misplacedKeys);
    if (newest == null || wrong == 0) {
      return new Fine(
          CHECK,
          all == 0
              ? "%s: no records in %s".formatted(topic, Units.time(since))
              : "%s: %s of %s, all in their partition"
                  .formatted(topic, Units.count(all, "record"), Units.time(since)));
    }
    String seen =
        "%s: %s misplaced (%s of %s), the last one %s %s ago, "
            .formatted(
                topic,
                Units.share(wrong, all),
                Units.number(wrong),
                Units.number(all),
                newest,
                Units.time(Duration.ofMillis(Math.max(0, now.toEpochMilli() - newestTimestamp))));
    OptionalInt before = raisedFrom(keys);
    if (before.isPresent()) {
      return new Wrong(
          CHECK,
          seen
              + ("right among %d partitions: the number was raised from about that, or they were"
                      + " copied from such a topic by partition; no client is at fault")
                  .formatted(before.getAsInt()),
          statePartitions != partitions
              ? Changelogs.MOVE
              : "wxphone run sends each of them on into its partition (wxphone.reroute)");
    }
    KnownPartitioner likely = likely(keys);
    return new Wrong(
        CHECK,
        seen + (likely == null ? unknown(keys.size()) : "as by " + likely.client()),
        likely == null ? OTHERS : likely.remedy());
  }

  /** Returns the smaller partition count with which nearly all of these keys would lie right. */
  private OptionalInt raisedFrom(Set<KeyAt> keys) {
    double nearlyAll = keys.size() * NEARLY_ALL;
    if (statePartitions < partitions && explained(keys, statePartitions) >= nearlyAll) {
      // The earlier count is known, so a few keys are enough.
      return OptionalInt.of(statePartitions);
    }
    double enough = Math.max(nearlyAll, beyondChance(keys.size()));
    int found = 0;
    long most = 0;
    for (int fewer = 2; fewer < partitions && keys.size() >= MIN_KEYS; fewer++) {
      long explained = explained(keys, fewer);
      if (explained >= enough && explained >= most) {
        found = fewer;
        most = explained;
      }
    }
    return found == 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  private String unknown(int keys) {
    return keys < beyondChance(keys)
        ? "too few to tell by whom"
        : "by no known partitioner: at random or in turns, as kafka-go by default";
  }

  private static long explained(Set<KeyAt> keys, int partitions) {
    return keys.stream()
        .filter(at -> Partitioning.of(at.key().array(), partitions) == at.partition())
        .count();
  }

  /** Returns the partitioner that explains most of these keys; null if chance might as well. */
  private @Nullable KnownPartitioner likely(Set<KeyAt> keys) {
    Map<KnownPartitioner, Integer> explained = new EnumMap<>(KnownPartitioner.class);
    for (KeyAt at : keys) {
      for (KnownPartitioner candidate : KnownPartitioner.values()) {
        if (candidate.of(at.key().array(), partitions) == at.partition()) {
          explained.merge(candidate, 1, Integer::sum);
        }
      }
    }
    double enough = Math.max(keys.size() / 2.0, beyondChance(keys.size()));
    return explained.entrySet().stream()
        .filter(entry -> entry.getValue() >= enough)
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Returns how many of a number of keys an unrelated partitioner would hardly explain. */
  private double beyondChance(int keys) {
    double chance = 1.0 / partitions;
    return keys * chance + BEYOND_CHANCE * Math.sqrt(keys * chance * (1 - chance));
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    if (record.timestamp() >= newestTimestamp) {
      newestTimestamp = record.timestamp();
      newest = new RecordCoordinates(record.topic(), record.partition(), record.offset());
    }
  }

  private static boolean namesOwnPartition(ConsumerRecord<byte[], byte[]> record) {
    String own = record.topic() + "-" + record.partition();
    return own.equals(HeaderNames.text(record.headers(), HeaderNames.REROUTED_TO));
  }

  private static boolean has(ConsumerRecord<byte[], byte[]> record, String header) {
    return record.headers().lastHeader(header) != null;
  }
}
