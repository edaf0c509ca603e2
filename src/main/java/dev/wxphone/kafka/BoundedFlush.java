package dev.wxphone.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Flushes a producer within a time limit. {@link Producer#flush} may block for ever: while an
 * idempotent producer has no id, which it requests at its first record, its records do not expire.
 */
public final class BoundedFlush {
  private static final String DEFAULT_DELIVERY_TIMEOUT_MS = "120000";
  private static final Duration MARGIN = Duration.ofSeconds(3);

  private BoundedFlush() {}

  /**
   * Returns the time after which a record is acknowledged or expired: its delivery timeout, +3 s.
   */
  public static Duration timeout(Map<String, Object> properties) {
    String name = ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
    Object given = properties.getOrDefault(name, DEFAULT_DELIVERY_TIMEOUT_MS);
    int millis = (Integer) ConfigDef.parseType(name, given, ConfigDef.Type.INT);
    return Duration.ofMillis(millis).plus(MARGIN);
  }

  /**
   * Waits until each record sent is acknowledged or has failed. If none is for the time of the
   * timeout, closes the producer, which fails the rest.
   *
   * @param completed the number of records acknowledged or failed so far
   * @return false if the producer was closed
   */
  public static boolean flush(Producer<?, ?> producer, Duration timeout, LongSupplier completed) {
    CompletableFuture<Void> flush = CompletableFuture.runAsync(producer::flush);
    while (true) {
      long before = completed.getAsLong();
      try {
        flush.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (completed.getAsLong() == before) {
          producer.close(Duration.ZERO);
          return false;
        }
      } catch (ExecutionException e) {
        throw new KafkaException(e.getCause());
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }
}
