package dev.wxphone.tools.doctor;

import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Checks whether retention or a purge has deleted records that the group has not read. */
final class DeletedRecordsCheck {
  static final String CHECK = "deleted unread";

  private DeletedRecordsCheck() {}

  /**
   * Returns the finding.
   *
   * @param deleted how many offsets behind the group's are gone, by partition
   */
  static Finding of(String group, Map<TopicPartition, Long> deleted) {
    if (deleted.isEmpty()) {
      return new Fine(CHECK, "the log holds all that %s has not read".formatted(group));
    }
    Map<String, Long> sorted = new TreeMap<>();
    deleted.forEach((partition, count) -> sorted.put(partition.toString(), count));
    return new Wrong(
        CHECK,
        "%s had not read what retention or a purge has deleted: %s"
            .formatted(
                group,
                sorted.entrySet().stream()
                    .map(
                        entry ->
                            "up to %s of %s"
                                .formatted(Units.count(entry.getValue(), "record"), entry.getKey()))
                    .collect(Collectors.joining(", "))),
        "start wxphone run, which goes on with the oldest record that is left; who clicked meanwhile"
            + " has to click again; let it stand still for less than retention.ms, and see the"
            + " record times");
  }
}
