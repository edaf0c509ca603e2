package dev.wxphone.topics;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One topic as its file, or an option over it, wants it.
 *
 * @param role which of our five topics it is, by its default name
 * @param name of the real topic
 * @param replicas empty for the brokers' {@code default.replication.factor}
 * @param config in alphabetical order; what it does not name is left as it is
 * @param keepsCount whether it keeps the number of partitions that it has, where it exists
 */
public record DesiredTopic(
    String role,
    String name,
    int partitions,
    OptionalInt replicas,
    SortedMap<String, String> config,
    boolean keepsCount) {
  private static final Set<String> JOINED = Set.of("phone-payload", "session-key");

  public DesiredTopic(
      String role, String name, int partitions, OptionalInt replicas, Map<String, String> config) {
    this(role, name, partitions, replicas, new TreeMap<>(config), false);
  }

  /**
   * The same topic with what {@code --partitions} and {@code --replicas} say instead. The number of
   * partitions is meant for the two topics that are joined, and for the rest where they are made:
   * nothing is looked up in these by partition, so there is no reason to change what they have.
   */
  public DesiredTopic overridden(OptionalInt partitions, OptionalInt replicas) {
    return new DesiredTopic(
        role,
        name,
        partitions.orElse(this.partitions),
        replicas.isPresent() ? replicas : this.replicas,
        config,
        partitions.isPresent() ? !JOINED.contains(role) : keepsCount);
  }
}
