package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.BookKeeper;
import dev.wxphone.books.Books;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.ShownTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A wxphone of its own for one test: topics, a consumer group and a state directory that no other
 * test uses, with a producer to its inputs and a reader of its outputs.
 */
public final class Installation implements AutoCloseable {
  public static final int PARTITIONS = 3;

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration POLL = Duration.ofMillis(100);

  private final Path directory;
  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final List<Program> programs = new ArrayList<>();
  private final Settings settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AnswerReader answers;

  public Installation(SharedBroker broker) {
    this(broker, PARTITIONS);
  }

  public Installation(SharedBroker broker, int partitions) {
    this(
        SharedBroker.temporaryDirectory(),
        broker.bootstrapServers(),
        partitions,
        namesOfItsOwn("i" + NUMBER.incrementAndGet()));
    assertThat(InProcess.execute(arguments("topics", "apply", "--partitions", partitions + "")))
        .returns(0, Program.Result::code);
  }

  private Installation(
      Path directory, String bootstrapServers, int partitions, Map<String, String> names) {
    this.directory = directory;
    overrides.put("bootstrap.servers", bootstrapServers);
    overrides.put("state.dir", stateDirectory().toString());
    overrides.put("wxphone.http.port", "0");
    overrides.put("wxphone.session.wait", "PT2S");
    overrides.putAll(names);
    settings = Settings.load(null, Map.of(), overrides, warning -> {});
    KafkaProperties properties = new KafkaProperties(settings);
    producer =
        new KafkaProducer<>(
            properties.ofClient(), new ByteArraySerializer(), new ByteArraySerializer());
    answers =
        new AnswerReader(
            properties, List.of(topics().userProfile(), topics().deadLetter()), partitions);
  }

  /**
   * Returns the only installation of a broker, with topics that are made already or will be, and
   * the usual names.
   *
   * @param directory holds its state, in {@code state}; deleted at the end
   */
  public static Installation alone(Path directory, String bootstrapServers, int partitions) {
    return new Installation(directory, bootstrapServers, partitions, Map.of());
  }

  private static Map<String, String> namesOfItsOwn(String name) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("application.id", name);
    new TopicNames(
            "phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit")
        .byDefaultName()
        .keySet()
        .forEach(topic -> names.put("wxphone.topic." + topic, name + "." + topic));
    return names;
  }

  public Settings settings() {
    return settings;
  }

  public TopicNames topics() {
    return settings.topics();
  }

  public String applicationId() {
    return settings.applicationId();
  }

  public Path stateDirectory() {
    return directory.resolve("state");
  }

  public Admin admin() {
    return Admin.create(new KafkaProperties(settings).ofClient());
  }

  /** Changes topics, and waits until the broker shows the change. */
  public void changeTopics(java.util.function.Consumer<ShownTopics> change) {
    try (Admin admin = admin()) {
      change.accept(new ShownTopics(admin));
    }
  }

  public KafkaProperties kafka() {
    return new KafkaProperties(settings);
  }

  /**
   * Returns the arguments of a command with this installation's settings, which it may override.
   */
  public List<String> arguments(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command[0]));
    List<String> own = List.of(command).subList(1, command.length);
    boolean hasSubcommand = List.of("topics", "dead-letters", "publish").contains(command[0]);
    if (hasSubcommand) {
      arguments.add(own.get(0));
    }
    overrides.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    arguments.addAll(own.subList(hasSubcommand ? 1 : 0, own.size()));
    return arguments;
  }

  /** Starts a {@code run} of the jar. */
  public Program startRun(Map<String, String> environment, String... more) {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(more));
    return start(environment, command);
  }

  /** Starts any command of the jar. */
  public Program startCommand(String... command) {
    return start(Map.of(), List.of(command));
  }

  private Program start(Map<String, String> environment, List<String> command) {
    Program program =
        Program.jar(directory, environment, arguments(command.toArray(String[]::new)));
    programs.add(program);
    return program;
  }

  /** Starts a {@code run} of the jar and waits until it is ready. */
  public Program run(String... more) {
    return startRun(Map.of(), more).awaitReady();
  }

  /**
   * Returns the files that programs have left in their temporary directory, without their state.
   */
  public List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> !file.equals(stateDirectory())).toList();
    }
  }

  /** Deletes the state directory, as if the disk was lost. */
  public void wipeState() {
    SharedBroker.delete(stateDirectory());
  }

  public RecordMetadata login(String openid, String value) {
    return publish(topics().sessionKey(), null, openid, value);
  }

  public RecordMetadata click(String openid, String value) {
    return publish(topics().phonePayload(), null, openid, value);
  }

  public RecordMetadata publish(
      String topic, @Nullable Integer partition, String openid, String value, Header... headers) {
    return publish(topic, partition, openid.getBytes(UTF_8), value.getBytes(UTF_8), headers);
  }

  public RecordMetadata publish(
      String topic,
      @Nullable Integer partition,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Header... headers) {
    try {
      return producer
          .send(new ProducerRecord<>(topic, partition, key, value, List.of(headers)))
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Publishes many records at once, and returns where they are. */
  public List<RecordMetadata> publishAll(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      sent.add(producer.send(record));
    }
    List<RecordMetadata> all = new ArrayList<>();
    try {
      for (Future<RecordMetadata> one : sent) {
        all.add(one.get());
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  /** Returns the committed records of a topic, those of one partition in order. */
  public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka().ofReader())) {
      List<TopicPartition> all = partitions(consumer, topic);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      Program.await(
          topic + " is read",
          () -> {
            consumer.poll(POLL).forEach(records::add);
            return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
          });
    }
    return records;
  }

  /** Returns the end offset of each partition of a topic, uncommitted records included. */
  public Map<TopicPartition, Long> endOffsets(String topic) {
    Map<String, Object> uncommitted = new HashMap<>(kafka().ofReader());
    uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(uncommitted)) {
      List<TopicPartition> all = partitions(consumer, topic);
      consumer.assign(all);
      return consumer.endOffsets(all);
    }
  }

  public static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** Returns a partition to which this openid does not belong. */
  public static int wrongPartition(String openid) {
    return (rightPartition(openid) + 1) % PARTITIONS;
  }

  public static int rightPartition(String openid) {
    return Partitioning.of(openid.getBytes(UTF_8), PARTITIONS);
  }

  /** Waits for the committed answer to a record. */
  public ConsumerRecord<byte[], byte[]> answerTo(RecordMetadata record) {
    return answers.answerTo(record);
  }

  /** Returns the committed answers to a record so far. */
  public List<ConsumerRecord<byte[], byte[]>> answersTo(RecordMetadata record) {
    return answers.answersTo(record);
  }

  /** Waits until there are this many committed answers, and returns all. */
  public List<ConsumerRecord<byte[], byte[]>> awaitAnswers(int count) {
    return answers.await(count);
  }

  /** Returns the answers that have been read. */
  public List<ConsumerRecord<byte[], byte[]>> answers() {
    return answers.all();
  }

  /** Waits until this many payloads are answered, and returns the books of all topics. */
  public Books booksOf(long payloads) {
    try (BookKeeper keeper = BookKeeper.ofAll(new KafkaConsumer<>(kafka().ofReader()), topics())) {
      try {
        Program.await(
            payloads + " payloads are answered",
            () -> {
              keeper.read(POLL);
              Books books = keeper.books();
              return books.payloads() - books.rerouted() >= payloads && books.unanswered() == 0;
            });
      } catch (AssertionError e) {
        throw new AssertionError(keeper.books().toString(), e);
      }
      return keeper.readToEnd();
    }
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    producer.close();
    answers.close();
    SharedBroker.delete(directory);
  }
}
