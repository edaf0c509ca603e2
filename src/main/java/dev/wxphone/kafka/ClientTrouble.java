package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;

/** Why a Kafka client could not be made or go on: nearly always one of its settings. */
public final class ClientTrouble {
  private ClientTrouble() {}

  /** The line for an operator; it names the setting but no value, which may be a secret. */
  public static OperatorException of(KafkaException thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ConfigException wrong) {
        return OperatorException.usage(told(wrong));
      }
    }
    if (thrown instanceof TimeoutException) {
      return OperatorException.failed(
          "the Kafka brokers stopped answering: look at them and at the way to them, then run this"
              + " again");
    }
    return OperatorException.failed(
        "Kafka's client stopped with "
            + thrown.getClass().getSimpleName()
            + "; run with KAFKA_LOG_LEVEL=INFO to see more");
  }

  private static String told(ConfigException wrong) {
    String message = String.valueOf(wrong.getMessage());
    if (message.contains("bootstrap.servers") || message.contains("bootstrap urls")) {
      return "bootstrap.servers names no broker that can be resolved, as in host:9092; check"
          + " --bootstrap-servers";
    }
    // "Invalid value … for configuration name: why" and "Missing required configuration "name" …".
    int name = message.indexOf("configuration ");
    return name < 0
        ? "a Kafka setting is wrong; check --config, -D and the KAFKA_… variables"
        : "the Kafka setting "
            + message
                .substring(name + "configuration ".length())
                .split("[: ]", 2)[0]
                .replace("\"", "")
            + " is wrong; check --config, -D and the KAFKA_… variables";
  }
}
