package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.settings.Settings;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Kafka in processes of its own, and what a benchmark asks of it. */
final class BenchmarkBroker implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Path directory = SharedBroker.temporaryDirectory();
  private final BrokerProcesses processes;
  private final int replicas;
  private final Admin admin;

  /** Starts one broker. */
  BenchmarkBroker() {
    this(BrokerProcesses::single, 1);
  }

  private BenchmarkBroker(Function<Path, BrokerProcesses> start, int replicas) {
    processes = start.apply(directory);
    this.replicas = replicas;
    admin = Admin.create(Map.of("bootstrap.servers", processes.bootstrapServers()));
  }

  /** Starts a cluster, each topic with a replica on each broker. */
  static BenchmarkBroker cluster(int brokers) {
    return new BenchmarkBroker(directory -> new BrokerCluster(directory, brokers), brokers);
  }

  /** Returns the {@code java} of this JVM. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Returns the class path of this benchmark, which in {@code exec:java} is a loader's. */
  static String classPath() {
    if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(BenchmarkBroker::file)
          .collect(Collectors.joining(System.getProperty("path.separator")));
    }
    return System.getProperty("java.class.path");
  }

  private static String file(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  String bootstrapServers() {
    return processes.bootstrapServers();
  }

  Path directory() {
    return directory;
  }

  /** Returns the processes of a cluster. */
  BrokerCluster cluster() {
    return (BrokerCluster) processes;
  }

  Duration cpuTime() {
    return processes.cpuTime();
  }

  /**
   * Returns the settings of an installation of its own, with its topics made.
   *
   * @param inputs the installation whose input topics it reads; null for inputs of its own
   */
  Settings install(int partitions, @Nullable Settings inputs) {
    String name = "b" + NUMBER.incrementAndGet();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("bootstrap.servers", bootstrapServers());
    settings.put("application.id", name);
    settings.put("state.dir", directory.resolve(name).toString());
    settings.put("wxphone.http.port", "0");
    for (String topic :
        List.of(
            "phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit")) {
      settings.put("wxphone.topic." + topic, name + "." + topic);
    }
    if (inputs != null) {
      settings.put("wxphone.topic.phone-payload", inputs.topics().phonePayload());
      settings.put("wxphone.topic.session-key", inputs.topics().sessionKey());
    }
    List<String> apply =
        new ArrayList<>(
            List.of("topics", "apply", "--partitions=" + partitions, "--replicas=" + replicas));
    settings.forEach((key, value) -> apply.add("-D" + key + "=" + value));
    Program.Result applied = InProcess.execute(apply);
    if (applied.code() != 0) {
      throw new IllegalStateException("topics apply failed: " + applied);
    }
    return Settings.load(null, Map.of(), settings, warning -> {});
  }

  /** Deletes the topics and the state of an installation; inputs of another are not its own. */
  void remove(Settings settings) {
    String name = settings.applicationId();
    List<String> own =
        get(admin.listTopics().names()).stream()
            // Its own topics, and changelogs.
            .filter(topic -> topic.startsWith(name + ".") || topic.startsWith(name + "-"))
            .toList();
    get(admin.deleteTopics(own).all());
    Path state = directory.resolve(name);
    if (Files.exists(state)) {
      SharedBroker.delete(state);
    }
  }

  /** Returns the sum of the end offsets of a topic. */
  long end(String topic) {
    return sum(
        get(admin.listOffsets(latest(topic)).all()).values().stream()
            .map(result -> result.offset())
            .toList());
  }

  /** Returns the sum of the offsets that a group has committed on a topic; 0 for none. */
  long committed(String group, String topic) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    long sum = 0;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : offsets.entrySet()) {
      // Null where nothing is committed.
      OffsetAndMetadata offset = entry.getValue();
      if (entry.getKey().topic().equals(topic) && offset != null) {
        sum += offset.offset();
      }
    }
    return sum;
  }

  /** Waits until an installation has read all of its session keys. */
  void awaitSessionKeysRead(Settings installation) {
    String topic = installation.topics().sessionKey();
    Program.await(
        "the session keys are read",
        () -> committed(installation.applicationId(), topic) >= end(topic));
  }

  /** Returns the megabytes of an installation's topics in the log directories, by topic. */
  SortedMap<String, Long> megabytes(Settings settings) {
    String name = settings.applicationId();
    SortedMap<String, Long> bytes = new TreeMap<>();
    List<Integer> brokers = get(admin.describeCluster().nodes()).stream().map(Node::id).toList();
    get(admin.describeLogDirs(brokers).allDescriptions()).values().stream()
        .flatMap(directories -> directories.values().stream())
        .forEach(
            log ->
                log.replicaInfos()
                    .forEach(
                        (partition, replica) -> {
                          String topic = partition.topic();
                          if (topic.startsWith(name + ".") || topic.startsWith(name + "-")) {
                            bytes.merge(
                                topic.substring(name.length() + 1), replica.size(), Long::sum);
                          }
                        }));
    bytes.replaceAll((topic, sum) -> sum / 1_000_000);
    return bytes;
  }

  /** Returns how many committed records a topic has. */
  long count(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = reader()) {
      List<TopicPartition> all = partitions(topic);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      long count = 0;
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(200));
        count += polled.count();
      }
      return count;
    }
  }

  /** Returns a reader of committed records with Kafka's default settings, without a group. */
  KafkaConsumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers(),
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            "false"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  List<TopicPartition> partitions(String topic) {
    return get(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
        .flatMap(description -> description.partitions().stream())
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  private Map<TopicPartition, OffsetSpec> latest(String topic) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions(topic).forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    return latest;
  }

  private static long sum(Collection<Long> offsets) {
    return offsets.stream().mapToLong(Long::longValue).sum();
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try (processes) {
      admin.close();
    } finally {
      SharedBroker.delete(directory);
    }
  }
}
