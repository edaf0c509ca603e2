package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.demo.broker.EmbeddedBroker;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.TopicSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures what a replay costs: the dry run of 100,000 dead letters in a process with 256 MB of
 * heap, and the latency of live traffic from publishing to the committed profile, alternating
 * without and beside a replay (A B A B).
 *
 * <pre>
 * mvn -q -Pbenchmarks package -DskipTests
 * mvn -q -Pbenchmarks exec:java -Dexec.mainClass=dev.wxphone.integration.ReplayBenchmark
 * </pre>
 */
public final class ReplayBenchmark {
  private static final int LETTERS = Integer.getInteger("wxphone.letters", 100_000);
  private static final int DRY_RUNS = 3;
  private static final int LIVE_PER_SECOND = 200;
  private static final Duration LIVE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(1);

  private final Settings settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Path directory;

  private ReplayBenchmark(Settings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
    producer =
        new KafkaProducer<>(
            new KafkaProperties(settings).ofPublisher(),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Measures and prints. */
  public static void main(String[] args) throws IOException {
    System.setProperty("wxphone.jar", Path.of("target/wxphone.jar").toAbsolutePath().toString());
    Path directory = SharedBroker.temporaryDirectory();
    try (EmbeddedBroker broker = EmbeddedBroker.start(0, null)) {
      Settings settings =
          Settings.load(
              null, Map.of(), Map.of("bootstrap.servers", broker.bootstrapServers()), w -> {});
      TopicSetup.make(settings);
      new ReplayBenchmark(settings, directory).measure();
    } finally {
      SharedBroker.delete(directory);
    }
    System.exit(0);
  }

  private void measure() {
    try (Program run =
        jar(
            "run",
            "-Dwxphone.http.port=0",
            "-Dwxphone.session.wait=PT0S",
            "-Dstate.dir=" + directory.resolve("state"))) {
      run.awaitReady();
      makeLetters(run);
      for (int i = 0; i < DRY_RUNS; i++) {
        dryRun();
      }
      List<Double> alone = new ArrayList<>(live("no replay"));
      List<Double> beside = new ArrayList<>(besideReplay());
      alone.addAll(live("no replay"));
      beside.addAll(besideReplay());
      System.out.printf(
          Locale.ROOT,
          "live latency beside a replay: p50 %.2f, p99 %.2f times that without%n",
          at(beside, 0.5) / at(alone, 0.5),
          at(beside, 0.99) / at(alone, 0.99));
    }
    producer.close();
  }

  private List<Double> besideReplay() {
    try (Program replay = jar("replay", "--yes")) {
      // The plan is printed, so it sends.
      replay.awaitOut(Pattern.compile("SESSION_KEY_MISSING"));
      List<Double> millis = live("a replay at 200/s");
      replay.signal("INT");
      replay.awaitExit();
      return millis;
    }
  }

  /** Makes the dead letters of clicks of which nine in ten are followed by their login. */
  // The answers are waited for.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void makeLetters(Program run) {
    List<TestUser> users = new ArrayList<>();
    for (int i = 0; i < LETTERS; i++) {
      TestUser user = new TestUser();
      users.add(user);
      producer.send(record(settings.topics().phonePayload(), user, user.click().json(), List.of()));
    }
    producer.flush();
    run.awaitMetric("wxphone_dead_letters_total{reason=\"SESSION_KEY_MISSING\"}", LETTERS);
    for (int i = 0; i < LETTERS; i++) {
      if (i % 10 != 0) {
        TestUser user = users.get(i);
        producer.send(record(settings.topics().sessionKey(), user, user.login(), List.of()));
      }
    }
    producer.flush();
  }

  private void dryRun() {
    long start = System.nanoTime();
    try (Program replay = jar("replay", "--dry-run")) {
      long mostKilobytes = 0;
      while (replay.isAlive()) {
        mostKilobytes = Math.max(mostKilobytes, replay.peakResidentKilobytes());
      }
      Program.Result ended = replay.awaitExit();
      System.out.printf(
          Locale.ROOT,
          "dry run of %,d letters: %.1f s, %d MB resident at the most; %s would succeed%n",
          LETTERS,
          (System.nanoTime() - start) / 1e9,
          mostKilobytes / 1024,
          ended.out().stream()
              .filter(line -> line.startsWith("In all "))
              .findFirst()
              .orElse(ended.toString())
              .split(" ", -1)[2]);
    }
  }

  /** Returns the milliseconds of each click from the call of send to its committed profile. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private List<Double> live(String beside) {
    List<TestUser> users = new ArrayList<>();
    int count = (int) (LIVE.toSeconds() * LIVE_PER_SECOND);
    for (int i = 0; i < count; i++) {
      TestUser user = new TestUser();
      users.add(user);
      producer.send(record(settings.topics().sessionKey(), user, user.login(), List.of()));
    }
    producer.flush();
    long[] sentAt = new long[count];
    List<Double> millis = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(new KafkaProperties(settings).ofReader())) {
      String topic = settings.topics().userProfile();
      List<TopicPartition> all =
          reader.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      reader.assign(all);
      reader.seekToEnd(all);
      all.forEach(reader::position);
      long start = System.nanoTime();
      int sent = 0;
      while (millis.size() < count) {
        while (sent < count
            && System.nanoTime() - start > sent * TimeUnit.SECONDS.toNanos(1) / LIVE_PER_SECOND) {
          TestUser user = users.get(sent);
          Header header = new RecordHeader("live", (start + "/" + sent).getBytes(UTF_8));
          String click = user.click().json();
          sentAt[sent++] = System.nanoTime();
          producer.send(record(settings.topics().phonePayload(), user, click, List.of(header)));
        }
        for (ConsumerRecord<byte[], byte[]> profile : reader.poll(POLL)) {
          Header header = profile.headers().lastHeader("live");
          if (header != null) {
            String[] of = new String(header.value(), UTF_8).split("/", 2);
            millis.add((System.nanoTime() - sentAt[Integer.parseInt(of[1])]) / 1e6);
          }
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "live traffic at %d/s beside %s: p50 %.0f ms, p99 %.0f ms%n",
        LIVE_PER_SECOND,
        beside,
        at(millis, 0.5),
        at(millis, 0.99));
    return millis;
  }

  private static double at(List<Double> millis, double quantile) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * quantile));
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, TestUser user, String value, List<Header> headers) {
    return new ProducerRecord<>(
        topic, null, user.openid().getBytes(UTF_8), value.getBytes(UTF_8), headers);
  }

  private Program jar(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add("--bootstrap-servers");
    arguments.add(settings.bootstrapServers().orElseThrow());
    arguments.addAll(List.of(more));
    return Program.jar(directory, Map.of(), arguments);
  }
}
