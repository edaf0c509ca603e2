package dev.wxphone.kafka;

import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The configuration of Kafka's clients: wxphone's defaults, overridden by the user's settings, and
 * these by what must hold.
 */
public final class KafkaProperties {
  /** The default of bootstrap.servers; {@code wxphone broker} listens there. */
  static final String DEFAULT_BOOTSTRAP_SERVERS = "localhost:9092";

  /**
   * Settings of the stream's group or its clients, which other clients must not have: two clients
   * of one id can't be told apart, and a consumer without a group rejects some of the others.
   */
  private static final List<String> STREAM_SETTINGS =
      List.of(
          CommonClientConfigs.CLIENT_ID_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

  private final Settings settings;

  public KafkaProperties(Settings settings) {
    this.settings = settings;
  }

  /** Returns the brokers to connect to first. */
  public String bootstrapServers() {
    return settings.bootstrapServers().orElse(DEFAULT_BOOTSTRAP_SERVERS);
  }

  /** Returns whether a topic is one of the two that the stream reads. */
  public boolean isInput(String topic) {
    return topic.equals(settings.topics().phonePayload())
        || topic.equals(settings.topics().sessionKey());
  }

  /** Returns the configuration of an admin client, with the timeout of {@link AdminCalls}. */
  public Map<String, Object> ofAdmin() {
    Map<String, Object> properties = ofClient();
    // By default, its close waits a minute for requests without an answer.
    String timeout = Long.toString(AdminCalls.TIMEOUT.toMillis());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    return properties;
  }

  /** Returns the configuration that all clients share. */
  public Map<String, Object> ofClient() {
    Map<String, Object> properties = new HashMap<>(settings.kafka());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    properties.keySet().removeAll(STREAM_SETTINGS);
    // Kafka's default puts each partition that is read, however shortly, into JMX, where nobody
    // looks.
    properties.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    return properties;
  }

  /** Returns the configuration of a consumer without a group that reads committed records. */
  public Map<String, Object> ofReader() {
    Map<String, Object> properties = ofClient();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return properties;
  }

  /** Returns the configuration of an idempotent producer with Kafka's default partitioner. */
  public Map<String, Object> ofPublisher() {
    Map<String, Object> properties = ofClient();
    properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
    properties.remove(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    return properties;
  }

  /**
   * Returns the configuration of a transactional producer. A producer of the same id that starts
   * later fences it.
   *
   * @param timeout after which the broker aborts a transaction whose producer is gone; committed
   *     readers wait for it until then
   */
  public Map<String, Object> ofTransactions(String transactionalId, Duration timeout) {
    Map<String, Object> properties = ofPublisher();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout.toMillis()));
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(OutgoingDeadLetter.MAX_BYTES));
    return properties;
  }
}
