package dev.wxphone.runtime;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics in which the processor keeps its state. As many partitions as the inputs had at the
 * first run they have for ever: Kafka Streams starts with no other number.
 */
public final class Changelogs {
  /** What to do where the number of the inputs is another one. */
  public static final String MOVE =
      "move to input topics of new names, with another application.id: README.md, Topics, \"To move"
          + " to more\"";

  private Changelogs() {}

  /** Of what is known of each openid. */
  public static String users(String applicationId) {
    return applicationId + "-users-changelog";
  }

  /** Of the payloads that wait. */
  public static String waiting(String applicationId) {
    return applicationId + "-waiting-changelog";
  }

  /** Of those that exist, how many partitions they have, by name. */
  public static Map<String, Integer> partitions(Admin admin, Asking asking, String applicationId) {
    return partitions(existing(admin, asking, applicationId));
  }

  static Map<String, Integer> partitions(Map<String, TopicDescription> changelogs) {
    Map<String, Integer> partitions = new TreeMap<>();
    changelogs.forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
    return partitions;
  }

  /** Those that exist, by name. */
  static Map<String, TopicDescription> existing(Admin admin, Asking asking, String applicationId) {
    List<String> names = List.of(users(applicationId), waiting(applicationId));
    Map<String, TopicDescription> existing = new TreeMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach(
            (name, future) -> {
              try {
                existing.put(name, asking.of(future, "Describe on the topic " + name));
              } catch (UnknownTopicOrPartitionException notYet) {
                // The first run makes it.
              }
            });
    return existing;
  }
}
