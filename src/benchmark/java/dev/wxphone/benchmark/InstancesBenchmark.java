package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long a partition goes without an answer when instances come and go: three of wxphone on a
 * cluster of three brokers, all processes of this machine, under constant traffic. At the end the
 * books must balance.
 */
@Command(name = "InstancesBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class InstancesBenchmark implements Callable<Integer> {
  private static final int INSTANCES = 3;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private static final List<String> LEAVE = List.of("--leave");

  /** Longer than {@code session.timeout.ms}: the group gives its partitions to others. */
  private static final long GONE_SECONDS = 12;

  @Option(names = "--brokers", description = "How many; with 1 nothing happens to it.")
  private int brokers = 3;

  @Option(names = "--rate", description = "Clicks per second.")
  private int rate = 2_000;

  @Option(names = "--users", description = "How many users log in first.")
  private int users = 100_000;

  @Option(names = "--partitions", description = "Of each input topic.")
  private int partitions = 8;

  @Option(names = "--settle", description = "How many seconds follow each event.")
  private int settle = 10;

  @Mixin private final WxphoneOptions wxphone = new WxphoneOptions();

  private boolean balanced = true;

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new InstancesBenchmark()).execute(args));
  }

  @Override
  public Integer call() {
    try (BenchmarkBroker broker = BenchmarkBroker.cluster(brokers)) {
      for (Contestant contestant : wxphone.contestants()) {
        System.out.println(contestant.name());
        Settings installation = broker.install(partitions, null);
        new BenchmarkTraffic(users, 0, partitions, 0)
            .publish(broker.bootstrapServers(), installation.topics());
        try (Scene scene = new Scene(broker, contestant, installation)) {
          scene.play();
        }
        broker.remove(installation);
      }
    }
    return balanced ? 0 : 1;
  }

  /** What happens to the instances of one contestant. */
  private final class Scene implements AutoCloseable {
    private final BenchmarkBroker broker;
    private final Contestant contestant;
    private final Settings installation;
    private final List<Program> instances = new ArrayList<>();
    private final AnswerGaps gaps;

    Scene(BenchmarkBroker broker, Contestant contestant, Settings installation) {
      this.broker = broker;
      this.contestant = contestant;
      this.installation = installation;
      for (int i = 0; i < INSTANCES; i++) {
        instances.add(start(i, List.of()));
      }
      gaps = new AnswerGaps(broker, installation.topics().userProfile());
    }

    // The clicks are published while they are open.
    @SuppressWarnings("try")
    void play() {
      instances.forEach(Program::awaitReady);
      broker.awaitSessionKeysRead(installation);
      try (ClickStream clicks =
          new ClickStream(broker.bootstrapServers(), installation.topics(), users, rate)) {
        pause(settle);
        event("nothing", () -> pause(settle));
        event("rolling restart of three", () -> rollingRestart(List.of()));
        event("one killed, back after " + GONE_SECONDS + " s", () -> killed(GONE_SECONDS));
        event("one killed, back at once", () -> killed(0));
        // So that they leave at their next end.
        rollingRestart(LEAVE);
        event("rolling restart of three (--leave)", () -> rollingRestart(LEAVE));
        event("three to one (--leave)", this::shrink);
        event("one to three", this::grow);
        if (brokers > 1) {
          event("a broker restarted", () -> broker.cluster().restart(0));
          event("a broker killed", () -> broker.cluster().killAndStart(1));
        }
      }
      awaitAnswered();
      checkBooks();
    }

    private void event(String name, Runnable event) {
      gaps.restart();
      event.run();
      pause(settle);
      awaitCaughtUp();
      List<Double> seconds = gaps.seconds();
      System.out.printf(
          Locale.ROOT,
          "  %-32s longest gap of a partition: median %.2f s, worst %.2f s%n",
          name,
          Ratios.median(seconds),
          seconds.get(seconds.size() - 1));
    }

    private void rollingRestart(List<String> arguments) {
      for (int i = 0; i < INSTANCES; i++) {
        instances.get(i).terminate(STOP_TIMEOUT);
        instances.set(i, start(i, arguments).awaitReady());
        pause(2);
      }
    }

    private void killed(long goneSeconds) {
      instances.get(0).kill();
      pause(goneSeconds);
      instances.set(0, start(0, List.of()).awaitReady());
    }

    private void shrink() {
      for (int i = 1; i < INSTANCES; i++) {
        instances.get(i).terminate(STOP_TIMEOUT);
        pause(2);
      }
    }

    private void grow() {
      for (int i = 1; i < INSTANCES; i++) {
        instances.set(i, start(i, List.of()).awaitReady());
      }
    }

    private Program start(int number, List<String> arguments) {
      Path state = broker.directory().resolve(installation.applicationId() + "-" + number);
      return contestant.with("-Dstate.dir=" + state).start(broker, installation, arguments);
    }

    private void awaitCaughtUp() {
      String topic = installation.topics().phonePayload();
      Program.await(
          "the instances have caught up",
          () -> broker.end(topic) - broker.committed(installation.applicationId(), topic) < rate);
    }

    private void awaitAnswered() {
      String topic = installation.topics().phonePayload();
      Program.await(
          "all is answered",
          () -> broker.committed(installation.applicationId(), topic) >= broker.end(topic));
    }

    private void checkBooks() {
      List<String> command = new ArrayList<>(List.of("books"));
      command.add("-Dbootstrap.servers=" + broker.bootstrapServers());
      command.add("-Dapplication.id=" + installation.applicationId());
      installation
          .topics()
          .byDefaultName()
          .forEach((topic, itsName) -> command.add("-Dwxphone.topic." + topic + "=" + itsName));
      Program.Result books = InProcess.execute(command);
      balanced &= books.code() == 0;
      books.out().forEach(line -> System.out.println("  " + line));
      books.err().forEach(line -> System.out.println("  " + line));
    }

    @Override
    public void close() {
      instances.forEach(Program::close);
      gaps.close();
    }
  }

  private static void pause(long seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
