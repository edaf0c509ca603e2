package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long wxphone is away, by the number of users in its state: from the restart after {@code kill
 * -9} in mid-work to the next committed answer, and from a start without its state directory, which
 * restores all from the changelog, with the peak of its resident memory.
 */
@Command(name = "RestartBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class RestartBenchmark implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration DRAINED = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Longer than a group waits for a static member that is gone. */
  private static final long MEMBER_GONE_SECONDS = 8;

  @Option(names = "--users", split = ",", description = "How many users are in the state.")
  private List<Integer> users = List.of(10_000, 100_000, 1_000_000, 2_000_000);

  @Option(names = "--kills", description = "How often it is killed for each number of users.")
  private int kills = 5;

  @Option(names = "--rate", description = "Clicks per second.")
  private int rate = 1_000;

  @Option(names = "--work", description = "How many seconds it works before it is killed.")
  private int work = 5;

  @Option(names = "--partitions", description = "Of each input topic.")
  private int partitions = 8;

  @Mixin private final WxphoneOptions wxphone = new WxphoneOptions();

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new RestartBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    try (BenchmarkBroker broker = new BenchmarkBroker()) {
      for (int count : users) {
        for (Contestant contestant : wxphone.contestants()) {
          measure(broker, contestant, count);
        }
      }
    }
    return 0;
  }

  // The clicks are published while they are open.
  @SuppressWarnings("try")
  private void measure(BenchmarkBroker broker, Contestant contestant, int count)
      throws InterruptedException, IOException {
    Settings installation = broker.install(partitions, null);
    new BenchmarkTraffic(count, 0, partitions, 0)
        .publish(broker.bootstrapServers(), installation.topics());
    List<Double> restarts = new ArrayList<>();
    Program program = contestant.start(broker, installation);
    try (KafkaConsumer<byte[], byte[]> reader = broker.reader()) {
      List<TopicPartition> all = broker.partitions(installation.topics().userProfile());
      reader.assign(all);
      program.awaitReady();
      broker.awaitSessionKeysRead(installation);
      System.out.printf("%,d users, MB of each topic %s%n", count, broker.megabytes(installation));
      long filled = program.peakResidentKilobytes() / 1024;
      try (ClickStream clicks =
          new ClickStream(broker.bootstrapServers(), installation.topics(), count, rate)) {
        awaitAnswer(reader);
        for (int kill = 0; kill < kills; kill++) {
          work(reader);
          program.kill();
          drain(reader);
          long start = System.nanoTime();
          program = contestant.start(broker, installation);
          awaitAnswer(reader);
          restarts.add(secondsSince(start));
        }
        work(reader);
        program.kill();
        drain(reader);
        TimeUnit.SECONDS.sleep(MEMBER_GONE_SECONDS);
        Path directory = Path.of(Contestant.stateDirectory(installation));
        long state = sizeOf(directory);
        SharedBroker.delete(directory);
        long start = System.nanoTime();
        program = contestant.start(broker, installation);
        Set<String> health = new LinkedHashSet<>();
        awaitAnswer(reader, program, health);
        double restored = secondsSince(start);
        System.out.printf(
            Locale.ROOT,
            "%-16s %,9d users, %,d MB of state: restart s %s; restore %.1f s, peak %,d MB (%,d MB"
                + " while it was filled), meanwhile %s%n",
            contestant.name(),
            count,
            state / 1_000_000,
            Ratios.text(restarts),
            restored,
            program.peakResidentKilobytes() / 1024,
            filled,
            health);
      }
    } finally {
      program.close();
    }
    broker.remove(installation);
  }

  private void work(KafkaConsumer<byte[], byte[]> reader) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(work);
    while (System.nanoTime() < end) {
      reader.poll(POLL);
    }
  }

  /** Reads what was committed before a kill. */
  private static void drain(KafkaConsumer<byte[], byte[]> reader) {
    while (!reader.poll(DRAINED).isEmpty()) {
      // More may follow.
    }
  }

  private static void awaitAnswer(KafkaConsumer<byte[], byte[]> reader) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (reader.poll(POLL).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no answer within " + LONGEST);
      }
    }
  }

  /** Notes what {@code /live} answers, and the state in {@code /ready}, until then. */
  private static void awaitAnswer(
      KafkaConsumer<byte[], byte[]> reader, Program program, Set<String> health) {
    while (reader.poll(POLL).isEmpty()) {
      health.add("/live " + program.get("/live").statusCode());
      health.add(
          program.get("/ready").body().strip().replaceFirst("restoring \\d+ %", "restoring"));
    }
  }

  /** Returns the bytes of all files below a directory. */
  private static long sizeOf(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
