package dev.wxphone.tools.doctor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether the group comes on, told by looks at its offsets. What counts is a task, so one partition
 * number of both inputs: of the two it reads the older records first.
 */
final class GroupProgress {
  /**
   * One partition at one moment.
   *
   * @param committed where the group reads on
   * @param stable where committed readers end
   * @param end where the topic ends; between the two lie open transactions
   */
  record Look(long committed, long stable, long end) {
    boolean isBehind() {
      return committed < stable;
    }

    Look withNothingToRead() {
      return new Look(stable, stable, end);
    }

    boolean isHeldBack() {
      return stable < end;
    }
  }

  private final Map<TopicPartition, Look> first;
  private final Set<Integer> moved = new TreeSet<>();
  private final Map<TopicPartition, Look> heldBack = new HashMap<>();

  GroupProgress(Map<TopicPartition, Look> first) {
    this.first = Map.copyOf(first);
    first.forEach(
        (partition, look) -> {
          if (look.isHeldBack()) {
            heldBack.put(partition, look);
          }
        });
  }

  /** Looks again. */
  void look(Map<TopicPartition, Look> now) {
    now.forEach(
        (partition, look) -> {
          Look before = first.get(partition);
          if (before != null && look.committed() != before.committed()) {
            moved.add(partition.partition());
          }
          if (before != null && look.stable() != before.stable()) {
            heldBack.remove(partition);
          }
        });
  }

  /** The tasks that had something to read at first and have read nothing since. */
  Set<Integer> stuck() {
    Set<Integer> stuck = new TreeSet<>();
    first.forEach(
        (partition, look) -> {
          if (look.isBehind() && !moved.contains(partition.partition())) {
            stuck.add(partition.partition());
          }
        });
    return stuck;
  }

  /** The partitions where one transaction has been open all the time, in order. */
  Set<String> heldBack() {
    Set<String> names = new TreeSet<>();
    heldBack.keySet().forEach(partition -> names.add(partition.toString()));
    return names;
  }

  /** How many records there were to read at first, those of a stuck task or of all. */
  long behind(Set<Integer> tasks) {
    return first.entrySet().stream()
        .filter(entry -> tasks.contains(entry.getKey().partition()))
        .mapToLong(entry -> Math.max(0, entry.getValue().stable() - entry.getValue().committed()))
        .sum();
  }

  /** Of all tasks. */
  long behind() {
    Set<Integer> all = new TreeSet<>();
    first.keySet().forEach(partition -> all.add(partition.partition()));
    return behind(all);
  }

  /** Nothing is in question any more. */
  boolean isSettled() {
    return stuck().isEmpty() && heldBack.isEmpty();
  }
}
