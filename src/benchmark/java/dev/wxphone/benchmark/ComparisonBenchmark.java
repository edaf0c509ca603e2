package dev.wxphone.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What a payload costs in CPU, end to end: the quick-start join, the hand-written loop and wxphone,
 * each exactly once, as a fresh process on output topics of its own, over the same backlog, in turn
 * (A B C C B A …), on a broker of its own process.
 */
@Command(name = "ComparisonBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ComparisonBenchmark implements Callable<Integer> {
  @Option(names = "--users", description = "How many users log in first.")
  private int users = 100_000;

  @Option(names = "--payloads", description = "How many clicks follow.")
  private int payloads = 2_000_000;

  @Option(names = "--partitions", description = "Of each input topic.")
  private int partitions = 8;

  @Option(names = "--rounds", description = "How often each is measured.")
  private int rounds = 4;

  @Option(
      names = "--troubled",
      paramLabel = "PERCENT",
      description = "Measures each wxphone also with so many troubled clicks of 100.")
  private int troubled;

  @Option(
      names = "--threads",
      description = "Measures each wxphone also with so many stream threads, if more than 1.")
  private int threads = 1;

  @Option(
      names = "--spread",
      description =
          "Measures each wxphone also with clicks of two days, which have a watermark each. Those of"
              + " one second have one, and only the first one of a user is new.")
  private boolean spread;

  @Option(names = "--no-references", description = "Measures wxphone and its variants only.")
  private boolean noReferences;

  @Mixin private final WxphoneOptions wxphone = new WxphoneOptions();

  /** One that is measured, and with which traffic. */
  private record Entry(String name, Contestant contestant, Clicks clicks) {}

  private enum Clicks {
    PLAIN,
    TROUBLED,
    SPREAD
  }

  private final Map<Entry, List<BacklogRun>> runs = new LinkedHashMap<>();

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new ComparisonBenchmark()).execute(args));
  }

  @Override
  public Integer call() {
    List<Entry> entries = entries();
    entries.forEach(entry -> runs.put(entry, new ArrayList<>()));
    BenchmarkTraffic plain = new BenchmarkTraffic(users, payloads, partitions, 0);
    BenchmarkTraffic withTroubles = new BenchmarkTraffic(users, payloads, partitions, troubled);
    BenchmarkTraffic ofTwoDays = new BenchmarkTraffic(users, payloads, partitions, 0, true);
    try (BenchmarkBroker broker = new BenchmarkBroker()) {
      BacklogRun.Backlog shared = BacklogRun.Backlog.publish(broker, plain);
      for (int round = 0; round < rounds; round++) {
        System.out.printf("round %d%n", round + 1);
        for (Entry entry : entries) {
          BacklogRun run;
          if (entry.clicks() == Clicks.PLAIN) {
            run = BacklogRun.of(broker, entry.contestant(), shared);
          } else {
            // What is rerouted or waits is written to the inputs.
            BenchmarkTraffic traffic = entry.clicks() == Clicks.TROUBLED ? withTroubles : ofTwoDays;
            BacklogRun.Backlog own = BacklogRun.Backlog.publish(broker, traffic);
            run = BacklogRun.of(broker, entry.contestant(), own);
            broker.remove(own.installation());
          }
          runs.getOrDefault(entry, new ArrayList<>()).add(run);
          System.out.printf("  %-24s %s%n", entry.name(), run);
        }
        Collections.reverse(entries);
      }
    }
    print();
    return 0;
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    if (!noReferences) {
      entries.add(new Entry("join", Contestant.JOIN, Clicks.PLAIN));
      entries.add(new Entry("loop", Contestant.LOOP, Clicks.PLAIN));
    }
    for (Contestant contestant : wxphone.contestants()) {
      entries.add(new Entry(contestant.name(), contestant, Clicks.PLAIN));
      if (troubled > 0) {
        String name = contestant.name() + ", " + troubled + " % troubled";
        entries.add(new Entry(name, contestant, Clicks.TROUBLED));
      }
      if (spread) {
        entries.add(new Entry(contestant.name() + ", of two days", contestant, Clicks.SPREAD));
      }
      if (threads > 1) {
        Contestant more = contestant.with("-Dnum.stream.threads=" + threads);
        entries.add(new Entry(contestant.name() + ", " + threads + " threads", more, Clicks.PLAIN));
      }
    }
    return entries;
  }

  private void print() {
    System.out.printf(
        "%,d payloads of %,d users, %d partitions, %d rounds%n",
        payloads, users, partitions, rounds);
    List<Entry> entries = new ArrayList<>(runs.keySet());
    for (Entry entry : entries) {
      System.out.printf(
          "%-24s µs/record %s; from the start %s; broker %s%n",
          entry.name(),
          Ratios.text(figures(entry, BacklogRun::micros)),
          Ratios.text(figures(entry, BacklogRun::totalMicros)),
          Ratios.text(figures(entry, BacklogRun::brokerMicros)));
    }
    for (Entry of : entries) {
      for (Entry to : entries) {
        boolean interesting =
            entries.indexOf(to) < entries.indexOf(of)
                && !of.contestant().isReference()
                && (to.contestant().isReference()
                    || to.name().equals(Contestant.WXPHONE)
                    || of.name().startsWith(to.name() + ", "));
        if (interesting) {
          System.out.printf(
              "%s / %s: %s; from the start %s; broker %s; records/s %s%n",
              of.name(),
              to.name(),
              ratios(of, to, BacklogRun::micros),
              ratios(of, to, BacklogRun::totalMicros),
              ratios(of, to, BacklogRun::brokerMicros),
              ratios(of, to, BacklogRun::perSecond));
        }
      }
    }
  }

  private String ratios(Entry of, Entry to, ToDoubleFunction<BacklogRun> figure) {
    return Ratios.text(figures(of, figure), figures(to, figure));
  }

  private List<Double> figures(Entry entry, ToDoubleFunction<BacklogRun> figure) {
    return runs.getOrDefault(entry, List.of()).stream().map(figure::applyAsDouble).toList();
  }
}
