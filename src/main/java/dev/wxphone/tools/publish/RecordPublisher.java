package dev.wxphone.tools.publish;

import dev.wxphone.kafka.BoundedFlush;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.tools.publish.Line.Publishable;
import dev.wxphone.topics.RequiredTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes records to one topic, in order, each where Kafka's default partitioner puts it. */
public final class RecordPublisher implements AutoCloseable {
  private static final String GIVEN_UP_AFTER = "25000";
  private static final String UNANSWERED_AFTER = "10000";

  /** The first line that the broker did not take, and why. */
  private record Failure(long line, Exception cause) {}

  private final String topic;
  private final String bootstrapServers;
  private final Producer<byte[], byte[]> producer;
  private final Duration patience;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private boolean gaveUp;

  private RecordPublisher(String topic, KafkaProperties properties) {
    this.topic = topic;
    this.bootstrapServers = properties.bootstrapServers();
    Map<String, Object> all = withTimeouts(properties.ofPublisher());
    this.patience = BoundedFlush.timeout(all);
    this.producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Kafka's own timeout is 2 minutes, so long a person would look at nothing. */
  static Map<String, Object> withTimeouts(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, GIVEN_UP_AFTER);
    // Kafka takes these three only together: the first must not be below the sum of the others.
    if (!all.containsKey(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)
        && !all.containsKey(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
        && !all.containsKey(ProducerConfig.LINGER_MS_CONFIG)) {
      all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, GIVEN_UP_AFTER);
      all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, UNANSWERED_AFTER);
    }
    return all;
  }

  /**
   * Connects to a topic that exists: else a broker that makes topics by itself would make it with
   * any number of partitions.
   */
  public static RecordPublisher to(String topic, KafkaProperties properties) {
    RequiredTopics.read(properties, List.of(topic));
    return new RecordPublisher(topic, properties);
  }

  /**
   * Hands a record over; it is published when {@link #finish} returns.
   *
   * @param line where it comes from, to name it if it fails
   * @throws OperatorException where an earlier one failed
   */
  // The callback hears of every failure.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void publish(long line, Publishable record) {
    if (failure.get() != null) {
      finish();
    }
    producer.send(
        new ProducerRecord<>(topic, record.key(), record.value()),
        (sent, failed) -> {
          if (failed == null) {
            published.incrementAndGet();
          } else {
            failure.accumulateAndGet(
                new Failure(line, failed),
                (known, now) -> known == null || now.line() < known.line() ? now : known);
          }
          answered.incrementAndGet();
        });
  }

  /** How many records the broker has taken so far. */
  public long published() {
    return published.get();
  }

  /** Returns when the broker has taken all, or says which line it did not take. */
  public void finish() {
    gaveUp |= !BoundedFlush.flush(producer, patience, answered::get);
    Failure failed = failure.get();
    if (failed != null) {
      throw OperatorException.failed(
          "line %d was not published: %s"
              .formatted(failed.line(), gaveUp ? notInTime() : why(failed.cause())));
    }
  }

  /** Waits for what the broker has not answered yet. */
  @Override
  public void close() {
    producer.close();
  }

  private String why(Exception cause) {
    if (cause instanceof TimeoutException) {
      return notInTime();
    }
    if (cause instanceof RecordTooLargeException) {
      return "it is larger than the topic %s takes (max.message.bytes)".formatted(topic);
    }
    OperatorException told =
        KafkaErrors.ofBroker(cause, bootstrapServers, "", "Write on the topic " + topic);
    return String.valueOf(told.getMessage());
  }

  private String notInTime() {
    return "the brokers at %s did not take it in time".formatted(bootstrapServers);
  }
}
