package dev.wxphone.topics;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The changelog topics of the stream's state. They keep the number of partitions that the inputs
 * had at the first run: Kafka Streams starts with no other.
 */
public final class Changelogs {
  /** The remedy if the inputs have another number of partitions than the changelogs. */
  public static final String MOVE =
      "move to input topics of new names, with another application.id: README.md, Topics, \"To move"
          + " to more\"";

  /** Name of the store of the state of each openid. */
  public static final String USERS = "users";

  /** Name of the store of waiting payloads. */
  public static final String WAITING = "waiting";

  /**
   * How long changelogs keep tombstones if the stream creates them. A process that was stopped for
   * longer and restored its old state would miss which payloads were answered meanwhile.
   */
  public static final Duration TOMBSTONES_KEPT = Duration.ofDays(7);

  private static final String UNLIMITED = Long.toString(Long.MAX_VALUE);

  /**
   * The topic settings with which the stream creates changelogs. Erased data disappears from them
   * as soon as from {@code session-key}, and no limit of the brokers makes them reject an entry,
   * which has the timestamp of its click.
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

  /** Returns the name of the changelog of {@link #USERS}. */
  public static String users(String applicationId) {
    return applicationId + "-" + USERS + "-changelog";
  }

  /** Returns the name of the changelog of {@link #WAITING}. */
  public static String waiting(String applicationId) {
    return applicationId + "-" + WAITING + "-changelog";
  }

  /** Returns the names of all changelogs. */
  public static List<String> names(String applicationId) {
    return List.of(users(applicationId), waiting(applicationId));
  }

  /** Returns how long all of these changelogs keep tombstones. */
  public static Duration tombstonesKept(Map<String, ActualTopic> changelogs) {
    return changelogs.values().stream()
        .map(Changelogs::tombstonesKept)
        .min(Comparator.naturalOrder())
        .orElse(TOMBSTONES_KEPT);
  }

  /** Returns how long a changelog keeps tombstones. */
  public static Duration tombstonesKept(ActualTopic changelog) {
    String kept = changelog.config().get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
    return kept == null ? TOMBSTONES_KEPT : Duration.ofMillis(Long.parseLong(kept));
  }

  /** Returns the command that alters a setting of a changelog, which no file describes. */
  public static String alter(String bootstrapServers, String name, String key, String value) {
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
        .formatted(bootstrapServers, name, key, value);
  }
}
