package dev.wxphone.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The stream of partition 0 in a driver: given settings and a horizon, when records are published
 * and the clock moves on, then answers. The driver knows no partition but 0, so among 8 partitions
 * an openid of {@link #HOME} lies right there and {@link #AWAY} wrong.
 *
 * <p>Copies of misplaced records go to topics of their own, {@code ….copies}: the driver would put
 * them back into partition 0, and so on without end.
 */
public final class TestStream implements AutoCloseable {
  public static final int PARTITIONS = 8;

  /** Openids whose partition among 8 is 0. */
  public static final List<String> HOME = List.of("o0", "o4", "o9", "o17", "o29", "o31");

  public static final String OPENID = HOME.get(0);

  /** An openid whose partition among 8 is 3. */
  public static final String AWAY = "o1";

  /** What the clock shows at first. */
  static final long START = Clicks.RECORD_TIME + 500;

  static final String PAYLOADS = "phone-payload";
  public static final String SESSION_KEYS = "session-key";
  public static final String PROFILES = "user-profile";
  static final String LETTERS = "dead-letter";

  private static final String COPIES = ".copies";

  private final Given given;
  private final SurvivingStores stores = new SurvivingStores();
  private final Map<TopicPartition, AtomicLong> offsets = new HashMap<>();
  private AnswerCounts counts = new AnswerCounts();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> payloads;
  private TestInputTopic<byte[], byte[]> sessionKeys;
  private final List<Answer> sessionKeyCopies = new ArrayList<>();
  private boolean fencesRead = true;
  private long now = START;

  /** What a stream is made of. */
  public static final class Given {
    private final Map<String, String> settings = new TreeMap<>();
    private int partitions = PARTITIONS;
    private Horizon horizon = Horizon.ALWAYS;
    private Horizon payloadHorizon = Horizon.ALWAYS;
    private TopologyDependencies.@Nullable Prover prover;
    private Map<String, Long> returned = Map.of();

    public Given setting(String key, String value) {
      settings.put(key, value);
      return this;
    }

    Given partitions(int number) {
      partitions = number;
      return this;
    }

    Given horizon(Horizon keysRead) {
      horizon = keysRead;
      return this;
    }

    Given payloadHorizon(Horizon payloadsRead) {
      payloadHorizon = payloadsRead;
      return this;
    }

    /** Who has a profile again, and when they were forgotten. */
    Given returned(Map<String, Long> persons) {
      returned = persons;
      return this;
    }

    /** Instead of the proof. */
    Given prover(TopologyDependencies.Prover instead) {
      prover = instead;
      return this;
    }

    public TestStream start() {
      return new TestStream(this);
    }

    public Settings load() {
      return Settings.load(null, Map.of(), settings, warning -> {});
    }
  }

  private TestStream(Given given) {
    this.given = given;
    this.driver = open();
    this.payloads = input(PAYLOADS);
    this.sessionKeys = input(SESSION_KEYS);
  }

  public static Given given() {
    return new Given();
  }

  /** One with the default settings. */
  public static TestStream start() {
    return given().start();
  }

  private TopologyTestDriver open() {
    AnswerRules rules = given.load().answerRules();
    TopologyDependencies usual = TopologyDependencies.of(rules);
    TopologyDependencies.Prover prover = given.prover;
    TopologyDependencies dependencies =
        new TopologyDependencies(
            prover == null ? usual.provers() : () -> prover, stores, topic -> topic + COPIES);
    PhoneTopology topology =
        new PhoneTopology(
            rules,
            given.partitions,
            Provenance.OLDEST,
            given.returned,
            new Horizons(given.payloadHorizon, given.horizon),
            counts,
            dependencies);
    return new TopologyTestDriver(topology.get(), properties(), Instant.ofEpochMilli(now));
  }

  static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "wxphone");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
    return properties;
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  // ---- when

  /** Publishes and tells the coordinates. */
  public String payload(Sent sent) {
    return pipe(PAYLOADS, payloads, sent);
  }

  public String click(SessionKey key) {
    return payload(Sent.of(OPENID, Clicks.under(key)));
  }

  public String sessionKey(Sent sent) {
    return pipe(SESSION_KEYS, sessionKeys, sent);
  }

  public String login(SessionKey key) {
    return sessionKey(Sent.login(OPENID, key));
  }

  String logout() {
    return sessionKey(Sent.logout(OPENID));
  }

  private String pipe(String topic, TestInputTopic<byte[], byte[]> input, Sent sent) {
    AtomicLong offset = offsets(driver).get(new TopicPartition(topic, 0));
    String source = topic + "-0@" + Objects.requireNonNull(offset).get();
    long timestamp = sent.at() == null ? now : sent.at();
    input.pipeInput(
        new TestRecord<>(
            sent.key(), sent.value(), sent.headers(), Instant.ofEpochMilli(timestamp)));
    return source;
  }

  /** Lets time pass, at least the 100 ms after which the stream looks again. */
  public void advance(Duration time) {
    now += time.toMillis();
    driver.advanceWallClockTime(time);
    readFences();
  }

  /** What the task sends itself stays unread from now on, as where others own its partition. */
  void readNoFences() {
    fencesRead = false;
  }

  /** Session keys that were sent on go to a topic of their own here; these go where they belong. */
  private void readFences() {
    for (Answer copy : seen(SESSION_KEYS + COPIES)) {
      if (!isFence(copy)) {
        sessionKeyCopies.add(copy);
      } else if (fencesRead) {
        ProducerRecord<byte[], byte[]> fence = copy.record();
        sessionKeys.pipeInput(
            new TestRecord<>(
                fence.key(), fence.value(), fence.headers(), Instant.ofEpochMilli(now)));
      }
    }
  }

  private static boolean isFence(Answer copy) {
    return "wxphone.fence".equals(copy.openid());
  }

  /** Stops, and starts anew with what was stored and read. */
  void restart() {
    restart(unchanged -> {});
  }

  /** The same, with other settings. */
  void restart(Consumer<Given> change) {
    stop();
    change.accept(given);
    resume();
  }

  /** Of a stream that is stopped. */
  void setClock(long time) {
    now = time;
  }

  public void stop() {
    offsets.putAll(offsets(driver));
    driver.close();
  }

  public void resume() {
    counts = new AnswerCounts();
    driver = open();
    offsets(driver).putAll(offsets);
    payloads = input(PAYLOADS);
    sessionKeys = input(SESSION_KEYS);
  }

  /** What a store holds. */
  public NavigableMap<Bytes, byte[]> stored(String name) {
    return stores.content(name);
  }

  @Override
  public void close() {
    driver.close();
  }

  // ---- then

  public long now() {
    return now;
  }

  AnswerCounts counts() {
    return counts;
  }

  /** Profiles since this was asked last; so for all of these. */
  public List<Answer> profiles() {
    return seen(PROFILES);
  }

  List<Answer> letters() {
    return seen(LETTERS);
  }

  List<Answer> payloadCopies() {
    return seen(PAYLOADS + COPIES);
  }

  List<Answer> sessionKeyCopies() {
    readFences();
    List<Answer> copies = List.copyOf(sessionKeyCopies);
    sessionKeyCopies.clear();
    return copies;
  }

  /** The one answer since the last. */
  Answer answer() {
    List<Answer> answers = answers();
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  public Answer profile() {
    Answer answer = answer();
    assertThat(answer.record().topic()).as(answer.toString()).isEqualTo(PROFILES);
    return answer;
  }

  Answer letter() {
    Answer answer = answer();
    assertThat(answer.record().topic()).as(answer.toString()).isEqualTo(LETTERS);
    return answer;
  }

  Answer letter(Reason reason) {
    Answer letter = letter();
    assertThat(letter.reason()).isEqualTo(reason);
    return letter;
  }

  List<Answer> answers() {
    List<Answer> answers = new ArrayList<>(profiles());
    answers.addAll(letters());
    return answers;
  }

  void nothing() {
    List<Answer> all = answers();
    all.addAll(payloadCopies());
    all.addAll(sessionKeyCopies());
    assertThat(all).isEmpty();
  }

  private List<Answer> seen(String topic) {
    List<Answer> seen = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> next = read(topic); next != null; next = read(topic)) {
      seen.add(new Answer(next));
    }
    return seen;
  }

  // ---- what the driver keeps to itself: partitions of outputs, and offsets, which a new one
  // counts
  // from 0 again as no broker would

  private @Nullable ProducerRecord<byte[], byte[]> read(String topic) {
    @SuppressWarnings("unchecked")
    ProducerRecord<byte[], byte[]> record =
        (ProducerRecord<byte[], byte[]>) reflect(() -> READ_RECORD.invoke(driver, topic));
    return record;
  }

  @SuppressWarnings("unchecked")
  private static Map<TopicPartition, AtomicLong> offsets(TopologyTestDriver driver) {
    return (Map<TopicPartition, AtomicLong>)
        Objects.requireNonNull(reflect(() -> OFFSETS.get(driver)));
  }

  private interface Reflection {
    @Nullable Object get() throws ReflectiveOperationException;
  }

  private static @Nullable Object reflect(Reflection reflection) {
    try {
      return reflection.get();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the driver has changed", e);
    }
  }

  private static final Method READ_RECORD;
  private static final Field OFFSETS;

  static {
    try {
      READ_RECORD = TopologyTestDriver.class.getDeclaredMethod("readRecord", String.class);
      READ_RECORD.setAccessible(true);
      OFFSETS = TopologyTestDriver.class.getDeclaredField("offsetsByTopicOrPatternPartition");
      OFFSETS.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the driver has changed", e);
    }
  }
}
