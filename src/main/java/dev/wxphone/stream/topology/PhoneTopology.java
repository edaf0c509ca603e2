package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
  public static final String USERS = Changelogs.USERS;
  public static final String WAITING = Changelogs.WAITING;

  private final Settings settings;
  private final int partitions;
  private final Duration oldest;
  private final KeyHorizon horizon;
  private final AnswerCounts counts;
  private final TopologyDependencies surroundings;

  /**
   * A topology.
   *
   * @param partitions of {@code phone-payload}, and of {@code session-key} as well
   */
  public PhoneTopology(Settings settings, int partitions, KeyHorizon horizon, AnswerCounts counts) {
    this(settings, partitions, Provenance.OLDEST, horizon, counts);
  }

  /**
   * A topology.
   *
   * @param partitions of {@code phone-payload}, and of {@code session-key} as well
   * @param oldest how much older than its record a payload may say it is
   */
  public PhoneTopology(
      Settings settings, int partitions, Duration oldest, KeyHorizon horizon, AnswerCounts counts) {
    this(settings, partitions, oldest, horizon, counts, TopologyDependencies.of(settings));
  }

  PhoneTopology(
      Settings settings,
      int partitions,
      KeyHorizon horizon,
      AnswerCounts counts,
      TopologyDependencies surroundings) {
    this(settings, partitions, Provenance.OLDEST, horizon, counts, surroundings);
  }

  private PhoneTopology(
      Settings settings,
      int partitions,
      Duration oldest,
      KeyHorizon horizon,
      AnswerCounts counts,
      TopologyDependencies surroundings) {
    this.settings = settings;
    this.partitions = partitions;
    this.oldest = oldest;
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
    return new AnswerProcessor(
        settings, partitions, oldest, horizon, counts, surroundings.provers().get());
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
    StreamPartitioner<PartitionedKey, byte[]> asPlaced =
        (to, key, value, count) -> Optional.of(Set.of(key.partition()));
    Serializer<PartitionedKey> keyBytes = (to, key) -> key.bytes();
    topology.addSink(name, topic, keyBytes, new ByteArraySerializer(), asPlaced, ANSWERS);
  }

  private StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            surroundings.stores().apply(name), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(Changelogs.CONFIG)
        // The record cache costs half of the thread's time where keys hardly repeat.
        .withCachingDisabled();
  }
}
