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

/** What Kafka's clients are told: our defaults, then the user's own keys, then what must hold. */
public final class KafkaProperties {
  /** Where a broker is looked for when none is named; {@code wxphone broker} listens there. */
  static final String DEFAULT_BOOTSTRAP_SERVERS = "localhost:9092";

  /**
   * Of the stream's group, or naming the stream's own clients: two clients of one name are told
   * apart by nobody, and a consumer without a group refuses to be made with some of the others.
   */
  private static final List<String> OF_THE_STREAM =
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

  /** The brokers that are asked first. */
  public String bootstrapServers() {
    return settings.bootstrapServers().orElse(DEFAULT_BOOTSTRAP_SERVERS);
  }

  /** Of an admin client, which answers, or says that nobody answers, within a question's time. */
  public Map<String, Object> ofAdmin() {
    Map<String, Object> properties = ofClient();
    // By default it waits for a minute at its end for what was not answered.
    String timeout = Long.toString(AdminCalls.TIMEOUT.toMillis());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    return properties;
  }

  /** Of any client as far as the connection goes. */
  public Map<String, Object> ofClient() {
    Map<String, Object> properties = new HashMap<>(settings.kafka());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    properties.keySet().removeAll(OF_THE_STREAM);
    return properties;
  }

  /** Of a consumer without a group that reads topics from end to end, committed records only. */
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

  /** Of a producer that publishes in order and once, each record where the join looks for it. */
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
   * Of a publisher whose records of one transaction come all or not at all. A producer of the same
   * id that begins later fences it.
   *
   * @param timeout after which the broker aborts a transaction whose producer is gone; so long
   *     committed readers wait behind it
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
