package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.books.BookKeeper;
import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.demo.simulator.Traffic;
import dev.wxphone.demo.simulator.Troubles;
import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Plays the simulator's traffic while the program and the broker are killed at random moments.
 * Every payload must have exactly one answer, the expected one, and in order per openid. With
 * {@code -Dwxphone.soak=true} it runs longer, and processes are also halted until others take over.
 */
class KillIT {
  private static final boolean SOAK = Boolean.getBoolean("wxphone.soak");
  private static final long PAYLOADS = SOAK ? 1_000_000 : 100_000;
  private static final int KILLS = SOAK ? 100 : 10;
  private static final int BROKER_KILLS = SOAK ? 20 : 2;
  private static final int ZOMBIES = SOAK ? 10 : 0;
  private static final double PER_SECOND = 1_000;

  /** Enough users that most return, some seconds later. */
  private static final Simulator.Options OPTIONS =
      new Simulator.Options(3_000, Duration.ofSeconds(4), Troubles.usual());

  private static final long MAX_BACKLOG = 5_000;
  private static final Duration POLL = Duration.ofMillis(50);

  private enum Fault {
    KILL,
    KILL_BROKER,
    HALT
  }

  private final long seed = Long.getLong("wxphone.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Path directory = SharedBroker.temporaryDirectory();

  /** Fixed, since the broker must return on the port that its clients know. */
  private final int port = LocalPorts.free();

  private final Settings settings = settings("state-0");
  private final List<Double> secondsToWork = new ArrayList<>();
  private final List<Double> secondsAfterBroker = new ArrayList<>();
  private Program broker = startBroker();
  private Program processor = startProcessor("state-0");
  private int stateDirectories = 1;
  private String stateDirectory = "state-0";

  @AfterEach
  void leaveNothing() {
    processor.close();
    broker.close();
    SharedBroker.delete(directory);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void every_payload_has_its_one_answer_whatever_is_killed() throws Exception {
    print(
        "seed %d: %d payloads, %d kills of the program, %d of the broker, %d zombies"
            .formatted(seed, PAYLOADS, KILLS, BROKER_KILLS, ZOMBIES));
    processor.awaitReady();
    KafkaProperties kafka = new KafkaProperties(settings);
    try (BookKeeper keeper =
            BookKeeper.fromNow(new KafkaConsumer<>(kafka.ofReader()), settings.topics());
        Admin admin = Admin.create(kafka.ofClient())) {
      Traffic traffic =
          new Traffic(kafka, settings.topics(), new Simulator(seed, OPTIONS), PAYLOADS, PER_SECOND);
      CompletableFuture<Void> published = traffic.publishInBackground();
      for (Map.Entry<Long, Fault> fault : faults().entrySet()) {
        readUntil(keeper, () -> traffic.published() >= fault.getKey() || published.isDone());
        // A fault counts only if it hits a stream that works; on a busy machine it may be behind.
        awaitBacklog(MAX_BACKLOG, keeper);
        print(describe(fault.getValue(), traffic, keeper, admin));
        inject(fault.getValue(), keeper);
      }
      readUntil(keeper, published::isDone);
      published.get();
      awaitBacklog(0, keeper);
      Books books = keeper.readToEnd();
      BooksReport.text(books).forEach(KillIT::print);
      printTimes();
      assertThat(books.balance()).as("seed %d: %s", seed, BooksReport.verdict(books)).isTrue();
      assertThat(books.deadLetters()).as("seed %d", seed).isEqualTo(traffic.expectedDeadLetters());
    }
    assertThat(profilesOutOfOrder()).as("seed %d", seed).isEmpty();
    assertThat(processor.terminate(Duration.ofSeconds(10)).code()).isZero();
  }

  /** Returns the faults by the number of published payloads at which they happen. */
  private Map<Long, Fault> faults() {
    List<Fault> faults = new ArrayList<>(Collections.nCopies(KILLS, Fault.KILL));
    faults.addAll(Collections.nCopies(BROKER_KILLS, Fault.KILL_BROKER));
    faults.addAll(Collections.nCopies(ZOMBIES, Fault.HALT));
    Collections.shuffle(faults, random);
    Map<Long, Fault> at = new LinkedHashMap<>();
    long every = PAYLOADS / (faults.size() + 1);
    for (int i = 0; i < faults.size(); i++) {
      at.put(every * (i + 1) - random.nextLong(every / 2), faults.get(i));
    }
    return at;
  }

  private void inject(Fault fault, BookKeeper keeper) {
    switch (fault) {
      case KILL -> {
        processor.kill();
        Books before = keeper.readToEnd();
        processor = startProcessor(stateDirectory);
        secondsToWork.add(secondsUntilMore(keeper, before));
      }
      case KILL_BROKER -> {
        broker.kill();
        broker = startBroker();
        secondsAfterBroker.add(secondsUntilMore(keeper, keeper.readToEnd()));
      }
      case HALT -> {
        Program zombie = processor;
        zombie.signal("STOP");
        stateDirectory = "state-" + stateDirectories++;
        Books before = keeper.readToEnd();
        processor = startProcessor(stateDirectory);
        secondsUntilMore(keeper, before);
        zombie.signal("CONT");
        Program.await("the zombie is back", () -> zombie.get("/live").statusCode() == 200);
        zombie.kill();
      }
    }
  }

  /** Waits until at most this many payloads are unanswered; fails if no answer comes for 90 s. */
  private void awaitBacklog(long payloads, BookKeeper keeper) {
    Books books = keeper.readToEnd();
    while (books.unanswered() > payloads) {
      secondsUntilMore(keeper, books);
      books = keeper.readToEnd();
    }
  }

  private double secondsUntilMore(BookKeeper keeper, Books before) {
    long start = System.nanoTime();
    try {
      Program.await(
          "there are answers again, after " + before,
          () -> {
            keeper.read(POLL);
            Books books = keeper.books();
            // Once all is published, the last answers may have come before.
            return answers(books) > answers(before) || books.unanswered() == 0;
          });
    } catch (AssertionError late) {
      String metrics = processor.get("/metrics").body();
      processor.signal("QUIT");
      Program.await("its threads are printed", () -> processor.toString().contains("Heap\n"));
      throw new AssertionError(metrics + processor + "\nthe broker: " + broker, late);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static long answers(Books books) {
    return books.profiles() + books.allDeadLetters();
  }

  /** Describes what a fault hits: what waits, and what is written and not committed. */
  private String describe(Fault fault, Traffic traffic, BookKeeper keeper, Admin admin) {
    Books books = keeper.books();
    return "%-11s at %,9d published: %,5d wait, %,5d written and not committed (%,d of them rerouted), %,6d not answered"
        .formatted(
            fault,
            traffic.published(),
            (long) processor.metric("wxphone_waiting_payloads"),
            uncommitted(admin, settings.topics().userProfile())
                + uncommitted(admin, settings.topics().deadLetter())
                + uncommitted(admin, settings.topics().phonePayload()),
            uncommitted(admin, settings.topics().phonePayload()),
            books.unanswered());
  }

  private static long uncommitted(Admin admin, String topic) {
    try {
      // In this order, so that a commit in between does not make the difference negative.
      long committed = end(admin, topic, IsolationLevel.READ_COMMITTED);
      return end(admin, topic, IsolationLevel.READ_UNCOMMITTED) - committed;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static long end(Admin admin, String topic, IsolationLevel isolation)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .forEach(
            (name, described) ->
                described
                    .partitions()
                    .forEach(
                        p ->
                            latest.put(
                                new TopicPartition(name, p.partition()), OffsetSpec.latest())));
    return admin
        .listOffsets(latest, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .values()
        .stream()
        .mapToLong(found -> found.offset())
        .sum();
  }

  private void printTimes() {
    print("from the restart after kill -9 to the next committed answer: " + times(secondsToWork));
    print("from the broker's restart to the next committed answer: " + times(secondsAfterBroker));
  }

  private static String times(List<Double> seconds) {
    Collections.sort(seconds);
    return "median %.1f s, p90 %.1f s, worst %.1f s"
        .formatted(
            seconds.get(seconds.size() / 2),
            seconds.get((int) Math.ceil(seconds.size() * 0.9) - 1),
            seconds.get(seconds.size() - 1));
  }

  private static void print(String line) {
    System.out.println("KillIT  " + line);
  }

  private static void readUntil(BookKeeper keeper, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      keeper.read(POLL);
    }
  }

  /** Returns the openids with a profile behind one of a newer watermark. */
  private List<String> profilesOutOfOrder() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, Long> newest = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    String topic = settings.topics().userProfile();
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(new KafkaProperties(settings).ofReader())) {
      List<TopicPartition> all =
          reader.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      reader.assign(all);
      reader.seekToBeginning(all);
      Map<TopicPartition, Long> ends = reader.endOffsets(all);
      while (ends.entrySet().stream().anyMatch(e -> reader.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          var profile = json.readTree(record.value());
          String openid = profile.path("openid").asText();
          long watermark = profile.path("watermark").path("timestamp").asLong();
          if (newest.merge(openid, watermark, Math::max) > watermark) {
            wrong.add(openid);
          }
        }
      }
    }
    return wrong;
  }

  private Program startBroker() {
    Program started =
        Program.checkout(
            directory,
            List.of("broker", "--port", "" + port, "--data-dir", directory.resolve("broker") + ""));
    started.awaitOut(Pattern.compile("^ready "));
    return started;
  }

  private Program startProcessor(String stateDirectory) {
    List<String> command = new ArrayList<>(List.of("run"));
    overrides(stateDirectory).forEach((key, value) -> command.add("-D" + key + "=" + value));
    return Program.jar(directory, Map.of(), command);
  }

  private Settings settings(String stateDirectory) {
    return Settings.load(null, Map.of(), overrides(stateDirectory), warning -> {});
  }

  private Map<String, String> overrides(String stateDirectory) {
    return Map.of(
        "bootstrap.servers",
        "127.0.0.1:" + port,
        "state.dir",
        directory.resolve(stateDirectory).toString(),
        "wxphone.http.port",
        "0",
        // A broker that is down delays logins that the simulator publishes in time.
        "wxphone.session.wait",
        "PT20S");
  }
}
