package dev.wxphone.topics;

import dev.wxphone.core.domain.TopicRole;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic as its file, or an option that overrides it, wants it.
 *
 * @param name of the topic in the cluster
 * @param replicas empty for the brokers' {@code default.replication.factor}
 * @param config sorted by key; settings that it does not contain are not changed
 * @param keepsCount whether an existing topic keeps its number of partitions
 */
public record DesiredTopic(
    TopicRole role,
    String name,
    int partitions,
    OptionalInt replicas,
    SortedMap<String, String> config,
    boolean keepsCount) {
  private static final Set<TopicRole> JOINED =
      Set.of(TopicRole.PHONE_PAYLOAD, TopicRole.SESSION_KEY);

  public DesiredTopic(
      TopicRole role,
      String name,
      int partitions,
      OptionalInt replicas,
      Map<String, String> config) {
    this(role, name, partitions, replicas, new TreeMap<>(config), false);
  }

  /**
   * Returns the topic with the values of {@code --partitions} and {@code --replicas}. The number of
   * partitions applies to the two topics that are joined, and to others only if they are created:
   * nothing is looked up in them by partition, so there is no reason to change existing ones.
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
