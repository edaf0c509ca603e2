package dev.wxphone.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Asks a broker and waits for the answer; what can't be had becomes one line for an operator. */
public final class AdminCalls {
  /** After so long a question counts as unanswered. */
  public static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final AdminTrouble trouble;

  public AdminCalls(String bootstrapServers) {
    trouble = new AdminTrouble(bootstrapServers, TIMEOUT);
  }

  /**
   * The answer.
   *
   * @param acl that the question needs, as in {@code "Describe on the topic x"}
   * @throws ApiException where the broker answers with an error that the caller may know to take
   */
  public <T> T of(KafkaFuture<T> future, String acl) {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw trouble.with(new TimeoutException(e), "", acl);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiException known && !isFinal(known)) {
        throw known;
      }
      throw trouble.with(e.getCause(), "", acl);
    }
  }

  private static boolean isFinal(ApiException e) {
    return e instanceof TimeoutException
        || e instanceof AuthenticationException
        || e instanceof AuthorizationException;
  }
}
