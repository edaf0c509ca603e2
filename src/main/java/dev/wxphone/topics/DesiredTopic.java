package dev.wxphone.topics;

import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One topic as its file, or an option over it, wants it.
 *
 * @param role which of our five topics it is, by its default name
 * @param name of the real topic
 * @param replicas empty for the brokers' {@code default.replication.factor}
 * @param config in alphabetical order; what it does not name is left as it is
 */
public record DesiredTopic(
    String role,
    String name,
    int partitions,
    OptionalInt replicas,
    SortedMap<String, String> config) {

  public DesiredTopic(
      String role, String name, int partitions, OptionalInt replicas, Map<String, String> config) {
    this(role, name, partitions, replicas, (SortedMap<String, String>) new TreeMap<>(config));
  }

  /** The same topic with what {@code --partitions} and {@code --replicas} say instead. */
  public DesiredTopic overridden(OptionalInt partitions, OptionalInt replicas) {
    return new DesiredTopic(
        role,
        name,
        partitions.orElse(this.partitions),
        replicas.isPresent() ? replicas : this.replicas,
        config);
  }
}
