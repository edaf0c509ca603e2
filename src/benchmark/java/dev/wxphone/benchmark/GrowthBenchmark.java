package dev.wxphone.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a payload costs, and how much memory is needed, by the number of users and partitions. */
@Command(name = "GrowthBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class GrowthBenchmark implements Callable<Integer> {
  @Option(names = "--users", split = ",", description = "Numbers of users.")
  private List<Integer> users = List.of(10_000, 100_000, 1_000_000);

  @Option(names = "--partitions", split = ",", description = "Numbers of partitions.")
  private List<Integer> partitions = List.of(8, 32, 128);

  @Option(names = "--payloads", description = "How many clicks each run answers.")
  private int payloads = 1_000_000;

  @Option(names = "--rounds", description = "How often each is measured.")
  private int rounds = 2;

  @Mixin private final WxphoneOptions wxphone = new WxphoneOptions();

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new GrowthBenchmark()).execute(args));
  }

  @Override
  public Integer call() {
    Map<String, List<BacklogRun>> runs = new LinkedHashMap<>();
    try (BenchmarkBroker broker = new BenchmarkBroker()) {
      // The first number of each beside all of the other.
      for (int count : users) {
        measure(broker, new BenchmarkTraffic(count, payloads, partitions.get(0), 0), runs);
      }
      for (int count : partitions.subList(1, partitions.size())) {
        measure(broker, new BenchmarkTraffic(users.get(0), payloads, count, 0), runs);
      }
    }
    System.out.printf("%,d payloads, %d rounds%n", payloads, rounds);
    runs.forEach(
        (name, figures) ->
            System.out.printf(
                "%-48s µs/record %s; broker %s; peak MB %s%n",
                name,
                Ratios.text(figures.stream().map(BacklogRun::micros).toList()),
                Ratios.text(figures.stream().map(BacklogRun::brokerMicros).toList()),
                Ratios.text(figures.stream().map(run -> (double) run.megabytes()).toList())));
    return 0;
  }

  private void measure(
      BenchmarkBroker broker, BenchmarkTraffic traffic, Map<String, List<BacklogRun>> runs) {
    BacklogRun.Backlog backlog = BacklogRun.Backlog.publish(broker, traffic);
    for (int round = 0; round < rounds; round++) {
      for (Contestant contestant : wxphone.contestants()) {
        String name =
            String.format(
                "%s, %,d users, %d partitions",
                contestant.name(), traffic.users(), traffic.partitions());
        BacklogRun run = BacklogRun.of(broker, contestant, backlog);
        runs.computeIfAbsent(name, n -> new ArrayList<>()).add(run);
        System.out.printf("  %-48s %s%n", name, run);
      }
    }
    broker.remove(backlog.installation());
  }
}
