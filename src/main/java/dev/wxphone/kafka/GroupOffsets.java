package dev.wxphone.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets of a consumer group.
 *
 * @param group its {@code group.id}
 */
public record GroupOffsets(Admin admin, AdminCalls calls, String group) {

  /**
   * A group that would process its input again: it has lost offsets, and there are outputs.
   *
   * @param missing number of input partitions without a committed offset
   * @param partitions number of input partitions
   * @param output a topic that holds records already
   */
  public record Lost(int missing, int partitions, String output) {}

  /** Returns the committed offset of each of these partitions that has one. */
  public Map<TopicPartition, Long> committed(Collection<TopicPartition> partitions) {
    return committed(partitions, new ListConsumerGroupOffsetsOptions());
  }

  /**
   * Returns the committed offset of each of these partitions that has one, and waits for open
   * transactions that may move it.
   */
  public Map<TopicPartition, Long> stable(Collection<TopicPartition> partitions) {
    return committed(partitions, new ListConsumerGroupOffsetsOptions().requireStable(true));
  }

  private Map<TopicPartition, Long> committed(
      Collection<TopicPartition> partitions, ListConsumerGroupOffsetsOptions options) {
    Map<TopicPartition, Long> committed = new HashMap<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          calls.get(
              admin.listConsumerGroupOffsets(group, options).partitionsToOffsetAndMetadata(),
              "Describe on the group " + group);
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = offsets.get(partition);
        if (offset != null) {
          committed.put(partition, offset.offset());
        }
      }
    } catch (ApiException noSuchGroup) {
      // It has no offsets.
    }
    return committed;
  }

  /** Returns the number of members, one per thread. */
  public int members() {
    try {
      return calls
          .get(admin.describeConsumerGroups(List.of(group)).all(), "Describe on the group " + group)
          .values()
          .stream()
          .mapToInt(described -> described.members().size())
          .sum();
    } catch (ApiException noConsumerGroup) {
      return streamsMembers();
    }
  }

  /** Returns the members of a group of another type, that of {@code group.protocol=streams}. */
  private int streamsMembers() {
    try {
      return calls
          .get(admin.describeStreamsGroups(List.of(group)).all(), "Describe on the group " + group)
          .values()
          .stream()
          .mapToInt(described -> described.members().size())
          .sum();
    } catch (ApiException noSuchGroup) {
      return 0;
    }
  }

  /**
   * Returns how many offsets from the committed one on lie before the beginning of the log, of each
   * partition where some do: retention or a purge has deleted records that the group has not read.
   */
  public Map<TopicPartition, Long> deletedUnread(Map<TopicPartition, Long> committed) {
    Map<TopicPartition, Long> deleted = new HashMap<>();
    if (!committed.isEmpty()) {
      list(committed.keySet(), OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED)
          .forEach(
              (partition, begin) -> {
                long unread = begin - committed.getOrDefault(partition, begin);
                if (unread > 0) {
                  deleted.put(partition, unread);
                }
              });
    }
    return deleted;
  }

  /** Commits these offsets, unless the group has members, whose own commits count. */
  public void move(Map<TopicPartition, Long> to) {
    Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
    to.forEach((partition, offset) -> moved.put(partition, new OffsetAndMetadata(offset)));
    try {
      calls.get(admin.alterConsumerGroupOffsets(group, moved).all(), "Read on the group " + group);
    } catch (ApiException hasMembers) {
      // They commit where they go on.
    }
  }

  /** Returns those of these partitions that have no committed offset. */
  public List<TopicPartition> missing(List<TopicPartition> partitions) {
    Map<TopicPartition, Long> committed = committed(partitions);
    return partitions.stream().filter(partition -> !committed.containsKey(partition)).toList();
  }

  /**
   * Returns how the group would process its input again; null if it would not.
   *
   * @param missing those of the input partitions that have no committed offset
   * @param holdsRecords whether a topic does
   */
  public static @Nullable Lost lost(
      List<TopicPartition> input,
      List<TopicPartition> missing,
      List<String> outputs,
      Predicate<String> holdsRecords) {
    return missing.isEmpty()
        ? null
        : outputs.stream()
            .filter(holdsRecords)
            .findFirst()
            .map(output -> new Lost(missing.size(), input.size(), output))
            .orElse(null);
  }

  /** Returns the offset of each of these partitions that the specification names now. */
  public Map<TopicPartition, Long> list(
      Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> specs =
        partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    calls
        .get(
            admin.listOffsets(specs, new ListOffsetsOptions(isolation)).all(),
            "Describe on the input topics")
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }
}
