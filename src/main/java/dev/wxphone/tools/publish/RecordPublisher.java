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

/** Publishes records to one topic, in order, with Kafka's default partitioner. */
public final class RecordPublisher implements AutoCloseable {
  private static final String DELIVERY_TIMEOUT_MS = "25000";
  private static final String REQUEST_TIMEOUT_MS = "10000";

  /** The first line whose record the broker did not accept, and why. */
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

  /** Returns the properties with timeouts of 25 seconds; Kafka's 2 minutes look like a hang. */
  static Map<String, Object> withTimeouts(Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
    // KIP-91: delivery.timeout.ms must be at least linger.ms + request.timeout.ms.
    if (!all.containsKey(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)
        && !all.containsKey(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
        && !all.containsKey(ProducerConfig.LINGER_MS_CONFIG)) {
      all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
      all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
    }
    return all;
  }

  /**
   * Connects to a topic.
   *
   * @throws OperatorException if the topic does not exist: a broker with {@code
   *     auto.create.topics.enable} would create it with any number of partitions
   */
  public static RecordPublisher to(String topic, KafkaProperties properties) {
    RequiredTopics.read(properties, List.of(topic));
    return new RecordPublisher(topic, properties);
  }

  /**
   * Sends a record without waiting; it is published once {@link #finish} returns.
   *
   * @param line the number of its line, for error messages
   * @throws OperatorException if an earlier record failed
   */
  // The callback is called with every failure.
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

  /** Returns the number of records that the broker has acknowledged. */
  public long published() {
    return published.get();
  }

  /**
   * Returns once the broker has acknowledged all records.
   *
   * @throws OperatorException if it did not; names the first such line
   */
  public void finish() {
    gaveUp |= !BoundedFlush.flush(producer, patience, answered::get);
    Failure failed = failure.get();
    if (failed != null) {
      throw OperatorException.failed(
          "line %d was not published: %s"
              .formatted(failed.line(), gaveUp ? notInTime() : why(failed.cause())));
    }
  }

  /** Waits for outstanding acknowledgements. */
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
