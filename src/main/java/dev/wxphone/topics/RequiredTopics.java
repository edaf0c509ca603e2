package dev.wxphone.topics;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.AdminTrouble;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** The topics that a command needs. */
public final class RequiredTopics {
  private RequiredTopics() {}

  /**
   * Reads them, by name.
   *
   * @throws OperatorException where one is missing or no broker answers
   */
  public static Map<String, ActualTopic> read(
      KafkaProperties properties, Collection<String> names) {
    return read(properties, names, names);
  }

  /** The same, with others beside them that need not be there. */
  public static Map<String, ActualTopic> read(
      KafkaProperties properties, Collection<String> needed, Collection<String> all) {
    String servers = properties.bootstrapServers();
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      Map<String, ActualTopic> found = new TopicAdmin(admin, servers, AdminCalls.TIMEOUT).read(all);
      for (String name : needed) {
        if (!found.containsKey(name)) {
          throw AdminTrouble.missingTopic(name, servers);
        }
      }
      return found;
    }
  }
}
