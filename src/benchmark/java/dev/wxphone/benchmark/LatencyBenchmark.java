package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.Program;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long an answer takes: from when a click is published to when a reader of committed records
 * has its profile. Publisher, broker, reader and wxphone share the machine; publisher and reader
 * have Kafka's default settings, of which {@code linger.ms} 5 is a part of the time.
 */
@Command(name = "LatencyBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class LatencyBenchmark implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);

  @Option(names = "--rate", description = "Clicks per second.")
  private int rate = 2_000;

  @Option(names = "--seconds", description = "How long latencies are taken.")
  private int seconds = 60;

  @Option(names = "--warm-up", description = "How many seconds before that are left out.")
  private int warmUp = 30;

  @Option(names = "--users", description = "How many users log in first.")
  private int users = 100_000;

  @Option(names = "--partitions", description = "Of each input topic.")
  private int partitions = 8;

  @Option(names = "--rounds", description = "How often each is measured.")
  private int rounds = 3;

  @Mixin private final WxphoneOptions wxphone = new WxphoneOptions();

  /** Milliseconds, and the CPU of the process and of the broker in cores. */
  private record Latencies(
      double p50, double p90, double p99, double max, double cpu, double brokerCpu) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, max %.0f ms; wxphone takes %.2f cores, the broker"
              + " %.2f",
          p50,
          p90,
          p99,
          max,
          cpu,
          brokerCpu);
    }
  }

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new LatencyBenchmark()).execute(args));
  }

  @Override
  public Integer call() {
    List<Contestant> contestants = new ArrayList<>(wxphone.contestants());
    Map<String, List<Latencies>> all = new LinkedHashMap<>();
    contestants.forEach(contestant -> all.put(contestant.name(), new ArrayList<>()));
    try (BenchmarkBroker broker = new BenchmarkBroker()) {
      for (int round = 0; round < rounds; round++) {
        for (Contestant contestant : contestants) {
          Latencies latencies = measure(broker, contestant);
          all.getOrDefault(contestant.name(), new ArrayList<>()).add(latencies);
          System.out.printf("  %-24s %s%n", contestant.name(), latencies);
        }
        Collections.reverse(contestants);
      }
    }
    System.out.printf(
        "%,d clicks/s of %,d users, %d partitions, %d rounds of %d s%n",
        rate, users, partitions, rounds, seconds);
    all.forEach(
        (name, latencies) ->
            System.out.printf(
                "%-24s p50 %s; p90 %s; p99 %s%n",
                name,
                Ratios.text(latencies.stream().map(Latencies::p50).toList()),
                Ratios.text(latencies.stream().map(Latencies::p90).toList()),
                Ratios.text(latencies.stream().map(Latencies::p99).toList())));
    return 0;
  }

  private Latencies measure(BenchmarkBroker broker, Contestant contestant) {
    BenchmarkTraffic logins = new BenchmarkTraffic(users, 0, partitions, 0);
    Settings installation = broker.install(partitions, null);
    logins.publish(broker.bootstrapServers(), installation.topics());
    Latencies latencies;
    try (Program program = contestant.start(broker, installation)) {
      program.awaitReady();
      broker.awaitSessionKeysRead(installation);
      latencies = measure(broker, installation, program);
      program.kill();
    }
    broker.remove(installation);
    return latencies;
  }

  // The clicks are published while they are open.
  @SuppressWarnings("try")
  private Latencies measure(BenchmarkBroker broker, Settings installation, Program program) {
    try (KafkaConsumer<byte[], byte[]> reader = broker.reader()) {
      List<TopicPartition> all = broker.partitions(installation.topics().userProfile());
      reader.assign(all);
      reader.seekToEnd(all);
      all.forEach(reader::position);
      List<Double> millis = new ArrayList<>();
      try (ClickStream clicks =
          new ClickStream(broker.bootstrapServers(), installation.topics(), users, rate)) {
        read(reader, warmUp, new ArrayList<>());
        Duration cpu = program.cpuTime();
        Duration brokerCpu = broker.cpuTime();
        read(reader, seconds, millis);
        return new Latencies(
            Ratios.quantile(millis, 0.5),
            Ratios.quantile(millis, 0.9),
            Ratios.quantile(millis, 0.99),
            Collections.max(millis),
            program.cpuTime().minus(cpu).toNanos() / 1e9 / seconds,
            broker.cpuTime().minus(brokerCpu).toNanos() / 1e9 / seconds);
      }
    }
  }

  private static void read(KafkaConsumer<byte[], byte[]> reader, int seconds, List<Double> millis) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      for (ConsumerRecord<byte[], byte[]> profile : reader.poll(POLL)) {
        // The profile has the timestamp of its click.
        millis.add((double) (System.currentTimeMillis() - profile.timestamp()));
      }
    }
  }
}
