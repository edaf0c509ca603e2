package dev.wxphone.topics;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics in which the processor keeps its state. As many partitions as the inputs had at the
 * first run they have for ever: Kafka Streams starts with no other number.
 */
public final class Changelogs {
  /** What to do where the number of the inputs is another one. */
  public static final String MOVE =
      "move to input topics of new names, with another application.id: README.md, Topics, \"To move"
          + " to more\"";

  /** The store of what is known of each openid. */
  public static final String USERS = "users";

  /** The store of the payloads that wait. */
  public static final String WAITING = "waiting";

  /**
   * How long those that the stream makes keep tombstones. A process that was away for longer and
   * goes on with its old state would not learn which payloads were answered meanwhile.
   */
  public static final Duration TOMBSTONES_KEPT = Duration.ofDays(7);

  private static final String UNLIMITED = Long.toString(Long.MAX_VALUE);

  /**
   * The topic settings of those that the stream makes. What was forgotten is gone from them as soon
   * as from {@code session-key}; and no limit of the brokers makes them refuse an entry, which
   * bears the time of its click.
   */
  public static final Map<String, String> CONFIG =
      Map.of(
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
          Long.toString(Duration.ofDays(8).toMillis()),
          TopicConfig.SEGMENT_MS_CONFIG,
          Long.toString(Duration.ofDays(1).toMillis()),
          TopicConfig.DELETE_RETENTION_MS_CONFIG,
          Long.toString(TOMBSTONES_KEPT.toMillis()),
          TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
          UNLIMITED,
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
          UNLIMITED,
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          Integer.toString(1024 * 1024),
          TopicConfig.COMPRESSION_TYPE_CONFIG,
          "producer");

  private Changelogs() {}

  /** Of what is known of each openid. */
  public static String users(String applicationId) {
    return applicationId + "-" + USERS + "-changelog";
  }

  /** Of the payloads that wait. */
  public static String waiting(String applicationId) {
    return applicationId + "-" + WAITING + "-changelog";
  }

  /** Those that exist, by name. */
  public static Map<String, ActualTopic> read(TopicAdmin topics, String applicationId) {
    return topics.read(List.of(users(applicationId), waiting(applicationId)));
  }

  /** How many partitions they have, by name. */
  public static Map<String, Integer> partitions(Map<String, ActualTopic> changelogs) {
    Map<String, Integer> partitions = new TreeMap<>();
    changelogs.forEach((name, topic) -> partitions.put(name, topic.partitions()));
    return partitions;
  }

  /** How long the one that keeps tombstones for the shortest time does. */
  public static Duration tombstonesKept(Map<String, ActualTopic> changelogs) {
    return changelogs.values().stream()
        .map(Changelogs::tombstonesKept)
        .min(Comparator.naturalOrder())
        .orElse(TOMBSTONES_KEPT);
  }

  /** How long one keeps tombstones. */
  public static Duration tombstonesKept(ActualTopic changelog) {
    String kept = changelog.config().get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
    return kept == null ? TOMBSTONES_KEPT : Duration.ofMillis(Long.parseLong(kept));
  }

  /** The command that gives one a setting; no file describes them. */
  public static String alter(String bootstrapServers, String name, String key, String value) {
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
        .formatted(bootstrapServers, name, key, value);
  }
}
