package dev.wxphone.topology;

import dev.wxphone.envelope.Partitioning;
import dev.wxphone.settings.Settings;
import dev.wxphone.settings.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stream. Nodes are named for what flows out of them.
 *
 * <pre>
 *  phone-payload ──► payloads ─────┐             ┌──► profiles ──────────────► user-profile
 *                                  ├─► answers ──┼──► dead-letters ──────────► dead-letter
 *  session-key ────► session-keys ─┘   users     ├──► rerouted-payloads ─────► phone-payload
 *                                      waiting   └──► rerouted-session-keys ─► session-key
 * </pre>
 *
 * <p>The join is a processor with plain stores and not a stream-table join: it needs the keys
 * before the newest one, must see a logout, and may wait by wall clock (a table drops the first
 * two, and a join's grace period moves by stream time alone).
 */
public final class PhoneTopology implements Supplier<Topology> {
  static final String PAYLOADS = "payloads";
  static final String SESSION_KEYS = "session-keys";
  static final String ANSWERS = "answers";
  static final String PROFILES = "profiles";
  static final String DEAD_LETTERS = "dead-letters";
  static final String REROUTED_PAYLOADS = "rerouted-payloads";
  static final String REROUTED_SESSION_KEYS = "rerouted-session-keys";
  static final String USERS = "users";
  static final String WAITING = "waiting";

  /** Changelogs: what was forgotten is gone from them as soon as from {@code session-key}. */
  private static final Map<String, String> ERASED_IN_TIME =
      Map.of(
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
          Long.toString(Duration.ofDays(8).toMillis()),
          TopicConfig.SEGMENT_MS_CONFIG,
          Long.toString(Duration.ofDays(1).toMillis()));

  private final Settings settings;
  private final int partitions;
  private final KeyHorizon horizon;
  private final AnswerCounts counts;
  private final Surroundings surroundings;

  /**
   * A topology.
   *
   * @param partitions of {@code phone-payload}, and of {@code session-key} as well
   */
  public PhoneTopology(Settings settings, int partitions, KeyHorizon horizon, AnswerCounts counts) {
    this(settings, partitions, horizon, counts, Surroundings.of(settings));
  }

  PhoneTopology(
      Settings settings,
      int partitions,
      KeyHorizon horizon,
      AnswerCounts counts,
      Surroundings surroundings) {
    this.settings = settings;
    this.partitions = partitions;
    this.horizon = horizon;
    this.counts = counts;
    this.surroundings = surroundings;
  }

  @Override
  public Topology get() {
    TopicNames topics = settings.topics();
    Topology topology = new Topology();
    addSource(topology, PAYLOADS, topics.phonePayload());
    addSource(topology, SESSION_KEYS, topics.sessionKey());
    topology.addProcessor(ANSWERS, this::answers, PAYLOADS, SESSION_KEYS);
    topology.addStateStore(store(USERS), ANSWERS);
    topology.addStateStore(store(WAITING), ANSWERS);
    addSink(topology, PROFILES, topics.userProfile());
    addSink(topology, DEAD_LETTERS, topics.deadLetter());
    UnaryOperator<String> copiesOf = surroundings.copiesOf();
    addRerouteSink(topology, REROUTED_PAYLOADS, copiesOf.apply(topics.phonePayload()));
    addRerouteSink(topology, REROUTED_SESSION_KEYS, copiesOf.apply(topics.sessionKey()));
    return topology;
  }

  private AnswerProcessor answers() {
    return new AnswerProcessor(settings, partitions, horizon, counts, surroundings.provers().get());
  }

  private static void addSource(Topology topology, String name, String topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        new ClickTimestampExtractor(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic);
  }

  /**
   * Partitions are said outright, so that no producer setting can change where a profile goes. A
   * dead letter without a key may go anywhere.
   */
  private static void addSink(Topology topology, String name, String topic) {
    StreamPartitioner<byte[], byte[]> byKey =
        (to, key, value, count) ->
            key == null ? Optional.empty() : Optional.of(Set.of(Partitioning.of(key, count)));
    ByteArraySerializer bytes = new ByteArraySerializer();
    topology.addSink(name, topic, bytes, bytes, byKey, ANSWERS);
  }

  /** Of what is sent on within its own topic: the processor says into which partition. */
  private static void addRerouteSink(Topology topology, String name, String topic) {
    StreamPartitioner<PlacedKey, byte[]> asPlaced =
        (to, key, value, count) -> Optional.of(Set.of(key.partition()));
    Serializer<PlacedKey> keyBytes = (to, key) -> key.bytes();
    topology.addSink(name, topic, keyBytes, new ByteArraySerializer(), asPlaced, ANSWERS);
  }

  private StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            surroundings.stores().apply(name), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(ERASED_IN_TIME)
        // The record cache costs half of the thread's time where keys hardly repeat.
        .withCachingDisabled();
  }
}
