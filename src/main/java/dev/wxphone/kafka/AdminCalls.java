package dev.wxphone.kafka;

import dev.wxphone.operator.OperatorException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Waits for results of an admin client within a bound, and translates its errors for an operator.
 *
 * @param bootstrapServers for messages only
 * @param timeout of each call
 */
public record AdminCalls(String bootstrapServers, Duration timeout) {
  /** The timeout of an admin call unless a caller chooses another. */
  public static final Duration TIMEOUT = Duration.ofSeconds(15);

  public AdminCalls(String bootstrapServers) {
    this(bootstrapServers, TIMEOUT);
  }

  /**
   * Returns the result.
   *
   * @param acl required by the call, as in {@code "Describe on the topic x"}
   * @throws ApiException if the broker rejects the call for a reason that the caller may expect
   * @throws OperatorException if no broker answers in time, or it rejects the client or its ACLs
   */
  public <T> T get(KafkaFuture<T> future, String acl) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw noAnswer();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw noAnswer();
      }
      if (e.getCause() instanceof ApiException error && !isRejectedClient(error)) {
        throw error;
      }
      throw KafkaErrors.ofBroker(e.getCause(), bootstrapServers, "", acl);
    }
  }

  /**
   * Returns the result; empty if the principal may not make the request.
   *
   * @throws ApiException if the broker rejects the call for another reason
   * @throws OperatorException if no broker answers in time, or it rejects the client
   */
  public <T> Optional<T> getIfAllowed(KafkaFuture<T> future) {
    try {
      return Optional.of(future.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (java.util.concurrent.TimeoutException e) {
      throw noAnswer();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      if (e.getCause() instanceof TimeoutException) {
        throw noAnswer();
      }
      if (e.getCause() instanceof ApiException error && !isRejectedClient(error)) {
        throw error;
      }
      throw KafkaErrors.ofBroker(e.getCause(), bootstrapServers, "", "Describe on the topics");
    }
  }

  private OperatorException noAnswer() {
    return OperatorException.failed(
        ("no Kafka broker answers at %s within %s: check --bootstrap-servers, and"
                + " security.protocol where the cluster wants TLS or SASL")
            .formatted(bootstrapServers, timeout.toSeconds() + " s"));
  }

  private static boolean isRejectedClient(ApiException error) {
    return error instanceof AuthenticationException || error instanceof AuthorizationException;
  }
}
