package dev.wxphone.topics;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Reads the topics without which a command cannot work. */
public final class RequiredTopics {
  private RequiredTopics() {}

  /**
   * Returns these topics, by name.
   *
   * @throws OperatorException if one does not exist or no broker answers
   */
  public static Map<String, ActualTopic> read(
      KafkaProperties properties, Collection<String> names) {
    return read(properties, names, names);
  }

  /**
   * Returns those of the topics that exist, by name.
   *
   * @param all contains the required ones
   * @throws OperatorException if a required one does not exist or no broker answers
   */
  public static Map<String, ActualTopic> read(
      KafkaProperties properties, Collection<String> required, Collection<String> all) {
    String servers = properties.bootstrapServers();
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      Map<String, ActualTopic> found = new TopicAdmin(admin, new AdminCalls(servers)).read(all);
      for (String name : required) {
        if (!found.containsKey(name)) {
          throw KafkaErrors.missingTopic(name, servers);
        }
      }
      return found;
    }
  }
}
