package dev.wxphone.settings;

import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Which of Kafka's settings are secrets: those whose type Kafka itself calls a password. */
public final class KafkaSecrets {
  private static final List<ConfigDef> CLIENTS =
      List.of(
          AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef());

  private KafkaSecrets() {}

  /**
   * Refuses secrets among the keys of {@code -D}: who may list a machine's processes can read them.
   *
   * @throws OperatorException if there is one, with its key and not its value
   */
  public static void refuseOnCommandLine(Collection<String> keys) {
    for (String key : keys) {
      if (isSecret(key)) {
        throw OperatorException.usage(
            "-D%s: a secret on the command line can be read by others of this machine; put it into --config FILE, or into a file that KAFKA_%s_FILE names"
                .formatted(SafeText.shortened(key), Environment.variable(key)));
      }
    }
  }

  /** Returns whether a key, with or without the prefix of a client, is that of a secret. */
  static boolean isSecret(String key) {
    return CLIENTS.stream()
        .flatMap(client -> client.configKeys().values().stream())
        .filter(setting -> setting.type() == ConfigDef.Type.PASSWORD)
        .anyMatch(setting -> key.equals(setting.name) || key.endsWith("." + setting.name));
  }
}
