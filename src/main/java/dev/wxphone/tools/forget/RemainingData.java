package dev.wxphone.tools.forget;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.TextTable;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic that still holds data of a user who is forgotten.
 *
 * @param what the data
 * @param compacted whether it is removed by compaction, else with its segment
 * @param until when the broker removes it at the latest, milliseconds since 1970, not counting the
 *     minutes that its cleaner takes; {@link Long#MAX_VALUE} if there is no limit
 */
public record RemainingData(String topic, String what, boolean compacted, long until) {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm XXX", Locale.ROOT);

  /**
   * Returns what the topics hold of a user who is forgotten now.
   *
   * @param actual the topics that exist, by name
   * @param now milliseconds since 1970
   */
  public static List<RemainingData> of(
      TopicNames topics, String applicationId, Map<String, ActualTopic> actual, long now) {
    List<RemainingData> all = new ArrayList<>();
    contents(topics, applicationId)
        .forEach(
            (name, what) -> {
              ActualTopic topic = actual.get(name);
              if (topic != null) {
                boolean compacted = isCompacted(topic.config());
                long until = until(topic.config(), compacted, now);
                all.add(new RemainingData(name, what, compacted, until));
              }
            });
    return all;
  }

  /** Returns the names of all topics that may hold data of a user. */
  public static Set<String> topics(TopicNames topics, String applicationId) {
    return contents(topics, applicationId).keySet();
  }

  private static Map<String, String> contents(TopicNames topics, String applicationId) {
    Map<String, String> contents = new LinkedHashMap<>();
    contents.put(topics.phonePayload(), "clicks, encrypted");
    contents.put(topics.sessionKey(), "session keys and unionid");
    contents.put(topics.userProfile(), "profiles");
    contents.put(topics.deadLetter(), "clicks that failed, encrypted");
    contents.put(Changelogs.users(applicationId), "session keys and unionid");
    contents.put(Changelogs.waiting(applicationId), "clicks that waited, encrypted");
    return contents;
  }

  private static boolean isCompacted(Map<String, String> config) {
    return config
        .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "")
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  /** Records are deleted with their whole segment, or compacted after max.compaction.lag.ms. */
  private static long until(Map<String, String> config, boolean compacted, long now) {
    long kept = number(config, TopicConfig.RETENTION_MS_CONFIG);
    long segment = number(config, TopicConfig.SEGMENT_MS_CONFIG);
    return compacted
        ? sum(now, number(config, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG))
        : sum(sum(now, kept), segment);
  }

  private static long number(Map<String, String> config, String key) {
    long number = Long.parseLong(config.getOrDefault(key, "-1"));
    return number < 0 ? Long.MAX_VALUE : number;
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Returns a table. */
  public static List<String> text(List<RemainingData> all, ZoneId zone) {
    TextTable table =
        new TextTable(TextStyle.NONE, "%-26s %-30s %s").head("still held on", "what", "until");
    for (RemainingData data : all) {
      table.row(
          data.topic(),
          data.what(),
          data.until() == Long.MAX_VALUE
              ? data.compacted() ? "it is compacted" : "it is deleted"
              : WHEN.format(Instant.ofEpochMilli(data.until()).atZone(zone)));
    }
    return table.lines();
  }

  /** Returns a JSON object, without {@code until} if there is no limit. */
  public String json() {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("topic", topic).put("what", what);
    if (until < Long.MAX_VALUE) {
      object.put("until", Instant.ofEpochMilli(until).toString());
    }
    return object.toString();
  }
}
