package dev.wxphone.stream.runtime;

import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.store.BoundedRocksDb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of Kafka Streams: wxphone's defaults, overridden by the user's settings, and
 * these by what must hold.
 */
public final class StreamProperties {
  /** Kafka Streams' constant for it is deprecated; the setting is not replaced yet. */
  private static final String BUFFERED_RECORDS = "buffered.records.per.partition";

  private static final String INSTANCE_ID =
      StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

  private final Settings settings;

  public StreamProperties(Settings settings) {
    this.settings = settings;
  }

  /**
   * Returns the configuration.
   *
   * @throws OperatorException if a setting would stop the stream
   */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee());
    // Half of Kafka Streams' default, which it costs nothing to halve, and the largest part of an
    // answer's latency. With at_least_once its default of 30 s would delay all waiting payloads.
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "50");
    // A process that was killed restores what it had not written yet, and not all (KIP-892).
    properties.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, "true");
    // Java's heap holds what is uncommitted: some 80 times what 50 ms of full load write.
    properties.put(StreamsConfig.STATESTORE_UNCOMMITTED_MAX_BYTES_CONFIG, "16777216");
    // Keys rarely repeat within a commit interval, so a record cache would only cost memory.
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
        ReportingProductionHandler.class.getName());
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(OutgoingDeadLetter.MAX_BYTES));
    // The minimum that brokers allow by default: a killed process keeps its partitions this long.
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "500");
    properties.put(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class.getName());
    properties.put(BoundedRocksDb.MEGABYTES, Integer.toString(settings.rocksdbMegabytes()));
    properties.putAll(settings.kafka());
    requireRoomForDeadLetters(properties);
    requireThreads(properties.get(StreamsConfig.NUM_STREAM_THREADS_CONFIG));
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory().parent().toString());
    properties.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, new KafkaProperties(settings).bootstrapServers());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    if (properties.keySet().stream().noneMatch(k -> k.endsWith("group.instance.id"))) {
      properties.put(INSTANCE_ID, InstanceId.in(stateDirectory()));
    }
    return properties;
  }

  /** Removes the name as a static member, unless the user has set one. */
  void beDynamic(Map<String, Object> properties) {
    if (!settings.kafka().containsKey(INSTANCE_ID)) {
      properties.remove(INSTANCE_ID);
    }
  }

  /**
   * Returns the configuration of a stream that reads, answers and commits one record after the
   * other. When one can't be read, all before it in its partition are answered: a partition is not
   * read while a record of it waits to be processed.
   *
   * @throws OperatorException if a setting would stop the stream
   */
  Map<String, Object> recordAtATime() {
    Map<String, Object> properties = properties();
    List<String> overridden =
        List.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            BUFFERED_RECORDS,
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
            StreamsConfig.NUM_STREAM_THREADS_CONFIG);
    properties.keySet().removeIf(key -> overridden.stream().anyMatch(key::endsWith));
    properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "1");
    properties.put(BUFFERED_RECORDS, "0");
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "0");
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
    return properties;
  }

  /** Returns the processing guarantee. */
  String guarantee() {
    return settings
        .kafka()
        .getOrDefault(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .strip();
  }

  /** Returns the number of stream threads. */
  public int threads() {
    return Integer.parseInt(
        settings.kafka().getOrDefault(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1").trim());
  }

  /** Returns the directory in which this application keeps its state. */
  StateDirectory stateDirectory() {
    return StateDirectory.of(
        settings.kafka().get(StreamsConfig.STATE_DIR_CONFIG),
        settings.applicationId(),
        System.getenv(),
        System.getProperty("user.home"));
  }

  /** Returns the number; the maximum if it is none, as Kafka itself rejects that by name. */
  private static long bytes(Object value) {
    try {
      return Long.parseLong(value.toString().trim());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Kafka Streams accepts any number, and without a thread it waits for ever. */
  private static void requireThreads(@Nullable Object threads) {
    if (threads != null && !threads.toString().trim().matches("[1-9][0-9]{0,3}")) {
      throw OperatorException.usage("num.stream.threads: expected a number from 1 to 9999");
    }
  }

  /** An answer that the producer rejects would stop the stream for ever. */
  private static void requireRoomForDeadLetters(Map<String, Object> properties) {
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      if (property.getKey().endsWith(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)
          && bytes(property.getValue()) < OutgoingDeadLetter.MAX_BYTES) {
        throw OperatorException.usage(
            property.getKey()
                + ": a dead letter takes up to "
                + OutgoingDeadLetter.MAX_BYTES
                + " bytes; set it to that or more, or leave it out");
      }
    }
  }
}
