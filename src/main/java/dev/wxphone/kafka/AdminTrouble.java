package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import java.time.Duration;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster refuses an admin client, told in one line that says what to do.
 *
 * @param timeout after which a question counts as unanswered
 */
public record AdminTrouble(String bootstrapServers, Duration timeout) {

  /**
   * The line for an operator.
   *
   * @param subject begins the line where it is needed, as in {@code "user-profile: "}
   * @param acl that the question needs, as in {@code "Describe on the topic x"}
   */
  public OperatorException with(@Nullable Throwable cause, String subject, String acl) {
    if (cause instanceof TimeoutException) {
      return OperatorException.failed(
          ("no Kafka broker answers at %s within %s: check --bootstrap-servers, and"
                  + " security.protocol where the cluster wants TLS or SASL")
              .formatted(bootstrapServers, timeout.toSeconds() + " s"));
    }
    if (cause instanceof SslAuthenticationException) {
      return OperatorException.failed(
          "no TLS connection to Kafka at %s: check the ssl.* settings".formatted(bootstrapServers));
    }
    if (cause instanceof AuthenticationException) {
      return OperatorException.failed(
          "Kafka at %s does not accept the credentials: check the sasl.* settings"
              .formatted(bootstrapServers));
    }
    if (cause instanceof AuthorizationException) {
      return OperatorException.failed(
          "Kafka at %s does not allow this: the principal needs the ACL %s"
              .formatted(bootstrapServers, acl));
    }
    if (cause instanceof InvalidReplicationFactorException) {
      return OperatorException.failed(
          subject
              + "the cluster has fewer brokers than the replication factor asks for: give"
              + " --replicas with at most the number of brokers");
    }
    var text = cause == null ? "" : String.valueOf(cause.getMessage());
    return OperatorException.failed(
        "%sKafka refuses (%s): %s"
            .formatted(
                subject,
                cause == null ? "unknown" : cause.getClass().getSimpleName(),
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
