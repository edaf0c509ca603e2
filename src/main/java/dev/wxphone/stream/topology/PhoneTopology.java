package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of the stream. Nodes are named for what flows out of them.
 *
 * <pre>
 *  phone-payload ──► payloads ─────┐             ┌──► profiles ──────────────► user-profile
 *                                  ├─► answers ──┼──► dead-letters ──────────► dead-letter
 *  session-key ────► session-keys ─┘   users     ├──► rerouted-payloads ─────► phone-payload
 *                                      waiting   └──► rerouted-session-keys ─► session-key
 * </pre>
 *
 * <p>The join is a processor with key-value stores instead of a stream-table join: it needs the
 * keys before the newest one, must see a logout, and waits by wall-clock time (a table has neither
 * of the first two, and a join's grace period advances by stream time only).
 */
public final class PhoneTopology implements Supplier<Topology> {
  static final String PAYLOADS = "payloads";
  static final String SESSION_KEYS = "session-keys";
  static final String ANSWERS = "answers";
  static final String PROFILES = "profiles";
  static final String DEAD_LETTERS = "dead-letters";
  static final String REROUTED_PAYLOADS = "rerouted-payloads";
  static final String REROUTED_SESSION_KEYS = "rerouted-session-keys";

  private final AnswerRules rules;
  private final int partitions;
  private final Duration oldest;
  private final Map<String, Long> returned;
  private final Horizons horizons;
  private final AnswerCounts counts;
  private final TopologyDependencies dependencies;

  /**
   * Creates the topology.
   *
   * @param partitions the number of partitions of {@code phone-payload} and {@code session-key}
   * @param oldest how much older than its record a payload may say it is
   * @param returned openids that have a profile again since they were forgotten, and when they
   *     were, in epoch millis: if this is read once more, the profile stays
   */
  public PhoneTopology(
      AnswerRules rules,
      int partitions,
      Duration oldest,
      Map<String, Long> returned,
      Horizons horizons,
      AnswerCounts counts) {
    this(rules, partitions, oldest, returned, horizons, counts, TopologyDependencies.of(rules));
  }

  PhoneTopology(
      AnswerRules rules,
      int partitions,
      Duration oldest,
      Map<String, Long> returned,
      Horizons horizons,
      AnswerCounts counts,
      TopologyDependencies dependencies) {
    this.rules = rules;
    this.partitions = partitions;
    this.oldest = oldest;
    this.returned = Map.copyOf(returned);
    this.horizons = horizons;
    this.counts = counts;
    this.dependencies = dependencies;
  }

  @Override
  public Topology get() {
    TopicNames topics = rules.topics();
    Topology topology = new Topology();
    addSource(topology, PAYLOADS, topics.phonePayload());
    addSource(topology, SESSION_KEYS, topics.sessionKey());
    topology.addProcessor(ANSWERS, this::answers, PAYLOADS, SESSION_KEYS);
    topology.addStateStore(store(Changelogs.USERS), ANSWERS);
    topology.addStateStore(store(Changelogs.WAITING), ANSWERS);
    addSink(topology, PROFILES, topics.userProfile());
    addSink(topology, DEAD_LETTERS, topics.deadLetter());
    UnaryOperator<String> copiesOf = dependencies.copiesOf();
    addRerouteSink(topology, REROUTED_PAYLOADS, copiesOf.apply(topics.phonePayload()));
    addRerouteSink(topology, REROUTED_SESSION_KEYS, copiesOf.apply(topics.sessionKey()));
    return topology;
  }

  private AnswerProcessor answers() {
    return new AnswerProcessor(
        rules, partitions, oldest, returned, horizons, counts, dependencies.provers().get());
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

  /** Adds a sink that partitions by key; a record without one goes to any partition. */
  private static void addSink(Topology topology, String name, String topic) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    topology.addSink(name, topic, bytes, bytes, new SinkPartitioner<>(Partitioning::of), ANSWERS);
  }

  /** Adds a sink for copies of misplaced records; the processor chooses their partition. */
  private static void addRerouteSink(Topology topology, String name, String topic) {
    Serializer<PartitionedKey> keyBytes = (to, key) -> key.bytes();
    topology.addSink(
        name,
        topic,
        keyBytes,
        new ByteArraySerializer(),
        new SinkPartitioner<PartitionedKey>((key, count) -> key.partition()),
        ANSWERS);
  }

  private StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            dependencies.stores().apply(name), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(Changelogs.CONFIG)
        // With keys that hardly repeat, the record cache would take half of the thread's time.
        .withCachingDisabled();
  }
}
