package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Translates exceptions of Kafka's clients into one line for an operator. */
public final class KafkaErrors {
  private KafkaErrors() {}

  /** Returns whether the exception or one of its causes is of one of these types. */
  @SafeVarargs
  public static boolean isCausedBy(Throwable thrown, Class<? extends Throwable>... types) {
    for (Class<? extends Throwable> type : types) {
      if (find(thrown, type) != null) {
        return true;
      }
    }
    return false;
  }

  /** Returns the first of the exception and its causes that is of this type; null if none is. */
  public static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  /** Returns the last of the causes, or the exception itself if it has none. */
  public static Throwable rootCause(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * Returns whether the exception comes from Kafka and not from a fault of the program: its last
   * cause is one of Kafka's own.
   */
  public static boolean isKafkas(Throwable thrown) {
    return rootCause(thrown) instanceof KafkaException;
  }

  /**
   * Returns the line for a client that could not be created or has stopped, nearly always because
   * of one of its settings. The line names the setting but not its value, which may be a secret.
   */
  public static OperatorException ofClient(KafkaException thrown) {
    ConfigException invalid = find(thrown, ConfigException.class);
    if (invalid != null) {
      return OperatorException.usage(invalidSetting(invalid));
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

  private static String invalidSetting(ConfigException invalid) {
    String message = String.valueOf(invalid.getMessage());
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

  /**
   * Returns the line for a request that the broker has rejected.
   *
   * @param subject begins the line if the error is about it, as in {@code "user-profile: "}
   * @param acl required by the request, as in {@code "Describe on the topic x"}
   */
  public static OperatorException ofBroker(
      @Nullable Throwable error, String bootstrapServers, String subject, String acl) {
    if (error instanceof SslAuthenticationException) {
      return OperatorException.failed(
          "no TLS connection to Kafka at %s: check the ssl.* settings".formatted(bootstrapServers));
    }
    if (error instanceof AuthenticationException) {
      return OperatorException.failed(
          "Kafka at %s does not accept the credentials: check the sasl.* settings"
              .formatted(bootstrapServers));
    }
    if (error instanceof AuthorizationException) {
      return OperatorException.failed(
          "Kafka at %s does not allow this: the principal needs the ACL %s"
              .formatted(bootstrapServers, acl));
    }
    if (error instanceof InvalidReplicationFactorException) {
      return OperatorException.failed(
          subject
              + "the cluster has fewer brokers than the replication factor asks for: give"
              + " --replicas with at most the number of brokers");
    }
    String text = error == null ? "" : String.valueOf(error.getMessage());
    return OperatorException.failed(
        "%sKafka refuses (%s): %s"
            .formatted(
                subject,
                error == null ? "unknown" : error.getClass().getSimpleName(),
                text.lines().findFirst().orElse("")));
  }

  /** Returns the line for a topic that does not exist. */
  public static OperatorException missingTopic(String topic, String bootstrapServers) {
    return OperatorException.failed(
        "there is no topic %s at %s: make it with wxphone topics apply, or check"
                .formatted(topic, bootstrapServers)
            + " --bootstrap-servers and wxphone.topic.*");
  }
}
