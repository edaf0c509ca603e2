package dev.wxphone.tools.doctor;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether a group progresses, from its offsets at several instants. Progress is that of a task, so
 * of one partition number of both inputs: a task reads the older records of the two first.
 */
final class GroupProgress {
  /**
   * The offsets of one partition at one instant.
   *
   * @param committed offset of the group
   * @param stable last stable offset, up to which committed records can be read
   * @param end offset behind the last record; open transactions lie between the last two
   */
  record Position(long committed, long stable, long end) {
    boolean isBehind() {
      return committed < stable;
    }

    Position withNothingToRead() {
      return new Position(stable, stable, end);
    }

    boolean isHeldBack() {
      return stable < end;
    }
  }

  private final Map<TopicPartition, Position> first;
  private final Set<Integer> moved = new TreeSet<>();
  private final Map<TopicPartition, Position> heldBack = new HashMap<>();

  GroupProgress(Map<TopicPartition, Position> first) {
    this.first = Map.copyOf(first);
    first.forEach(
        (partition, position) -> {
          if (position.isHeldBack()) {
            heldBack.put(partition, position);
          }
        });
  }

  /** Takes the offsets of a later instant into account. */
  void update(Map<TopicPartition, Position> now) {
    now.forEach(
        (partition, position) -> {
          Position before = first.get(partition);
          if (before != null && position.committed() != before.committed()) {
            moved.add(partition.partition());
          }
          if (before != null && position.stable() != before.stable()) {
            heldBack.remove(partition);
          }
        });
  }

  /** Returns the tasks that had records to read at first and have read none since. */
  Set<Integer> stuck() {
    Set<Integer> stuck = new TreeSet<>();
    first.forEach(
        (partition, position) -> {
          if (position.isBehind() && !moved.contains(partition.partition())) {
            stuck.add(partition.partition());
          }
        });
    return stuck;
  }

  /** Returns, sorted, the partitions where one transaction has been open all the time. */
  Set<String> heldBack() {
    Set<String> names = new TreeSet<>();
    heldBack.keySet().forEach(partition -> names.add(partition.toString()));
    return names;
  }

  /** Returns the number of records that these tasks had to read at first. */
  long behind(Set<Integer> tasks) {
    return first.entrySet().stream()
        .filter(entry -> tasks.contains(entry.getKey().partition()))
        .mapToLong(entry -> Math.max(0, entry.getValue().stable() - entry.getValue().committed()))
        .sum();
  }

  /** Returns the number of records that all tasks had to read at first. */
  long behind() {
    Set<Integer> all = new TreeSet<>();
    first.keySet().forEach(partition -> all.add(partition.partition()));
    return behind(all);
  }

  /** Returns whether no task is stuck and no partition held back. */
  boolean isSettled() {
    return stuck().isEmpty() && heldBack.isEmpty();
  }
}
