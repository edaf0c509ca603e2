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
 * Waits until the brokers have answered all that a producer has sent. Kafka's own flush may wait
 * for ever: as long as an idempotent producer has no id, for which it asks at its first record, its
 * records do not expire either.
 */
public final class BoundedFlush {
  private static final String KAFKAS_DELIVERY_TIMEOUT = "120000";
  private static final Duration MORE = Duration.ofSeconds(3);

  private BoundedFlush() {}

  /** How long a producer of these properties may hear nothing of a record. */
  public static Duration patience(Map<String, Object> properties) {
    String name = ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
    Object given = properties.getOrDefault(name, KAFKAS_DELIVERY_TIMEOUT);
    int millis = (Integer) ConfigDef.parseType(name, given, ConfigDef.Type.INT);
    return Duration.ofMillis(millis).plus(MORE);
  }

  /**
   * Returns when all is answered, well or not. Where no answer comes for as long as the patience
   * lasts it closes the producer, on which all that is open fails.
   *
   * @param answers how many have come; grows with each
   * @return false where it had to be closed
   */
  public static boolean of(Producer<?, ?> producer, Duration patience, LongSupplier answers) {
    CompletableFuture<Void> flush = CompletableFuture.runAsync(producer::flush);
    while (true) {
      long before = answers.getAsLong();
      try {
        flush.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (answers.getAsLong() == before) {
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
