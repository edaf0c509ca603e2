package dev.wxphone.demo;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.NextSteps;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.cli.Terminal;
import dev.wxphone.demo.broker.EmbeddedBroker;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.demo.simulator.Trouble;
import dev.wxphone.demo.simulator.Troubles;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.runtime.PhoneStream;
import dev.wxphone.topics.TopicSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Something to look at. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Plays the traffic of simulated mini-program users, with every trouble that session keys bring,"
          + " and answers it.",
      "Starts an embedded broker, or uses --bootstrap-servers. At the end it reads the topics back"
          + " and prints the books: payloads in, profiles and dead letters out."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

  private static final Terminal.Size LIVE = new Terminal.Size(Demo.LIVE_ROWS, Demo.LIVE_COLUMNS);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--once",
      description =
          "End when every payload is answered; exit 0 only if the books balance. (Without it, on a"
              + " terminal, the broker stays until Ctrl-C.)")
  private boolean once;

  @Option(
      names = "--payloads",
      paramLabel = "N",
      defaultValue = "400",
      description = "How many payloads to play (default: ${DEFAULT-VALUE}).")
  private long payloads;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Payloads a second (default: 200; 40 in the live view).")
  private @Nullable Double rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Play the same users and troubles again.")
  private @Nullable Long seed;

  @Option(
      names = "--trouble",
      paramLabel = "NAME=PERCENT",
      split = ",",
      description =
          "How many of 100 visits have this trouble; may be given often. all=0,late-login=50 is late"
              + " logins only. README.md says what they are: ${COMPLETION-CANDIDATES}.",
      completionCandidates = TroubleNames.class)
  private List<String> troubles = List.of();

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many users come back again and again (default: ${DEFAULT-VALUE}).")
  private int users;

  @Option(
      names = "--session-life",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description =
          "How old a session grows at WeChat before a wx.login changes its key (default:"
              + " ${DEFAULT-VALUE}, much shorter than in life).")
  private double sessionLife;

  @Spec private @Nullable CommandSpec spec;

  /** Whether it is shown as a live view. */
  private boolean watched;

  /** Not done, until it is known what came of it. */
  private volatile int exitCode = CommandLine.ExitCode.SOFTWARE;

  /** For the help. */
  static final class TroubleNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Trouble.values()).map(Trouble::optionName).iterator();
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    require(payloads >= 1 && payloads <= 10_000_000, "--payloads takes 1 to 10000000");
    require(rate == null || (rate >= 1 && rate <= 100_000), "--rate takes 1 to 100000");
    long playedSeed = seed == null ? System.nanoTime() : seed;
    Simulator simulator = simulator(command, playedSeed);
    PrintWriter out = command.commandLine().getOut();
    watched = !once && Terminal.canRepaint(LIVE);
    Settings settings = kafka.settings();
    if (settings.bootstrapServers().isPresent()) {
      return playOnCluster(settings, simulator, playedSeed, out);
    }
    if (EmbeddedBroker.available()) {
      out.println("starting an embedded Kafka broker");
      out.flush();
    }
    return playOnEmbeddedBroker(simulator, playedSeed, out);
  }

  private void require(boolean met, String sentence) {
    if (!met) {
      throw new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
    }
  }

  private Simulator simulator(CommandSpec command, long playedSeed) {
    require(users >= 1 && users <= 10_000_000, "--users takes 1 to 10000000");
    require(sessionLife >= 0.001 && sessionLife <= 1e9, "--session-life takes 0.001 to 1000000000");
    Duration life = Duration.ofMillis((long) (sessionLife * 1000));
    try {
      return new Simulator(
          playedSeed, new Simulator.Options(users, life, Troubles.usualBut(troubles)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--trouble: " + e.getMessage());
    }
  }

  private int playOnCluster(
      Settings settings, Simulator simulator, long playedSeed, PrintWriter out)
      throws InterruptedException {
    PhoneStream stream = start(settings);
    Demo demo = demo(settings, stream, out);
    Shutdown ending =
        Shutdown.hook(
            () -> {
              demo.end();
              stream.close();
            },
            () -> exitCode);
    try {
      play(demo, settings, simulator, playedSeed, out, "Look further, from this directory:");
      return exitCode;
    } finally {
      if (ending.complete()) {
        stream.close();
      }
    }
  }

  private int playOnEmbeddedBroker(Simulator simulator, long playedSeed, PrintWriter out)
      throws IOException, InterruptedException {
    EmbeddedBroker.require("run it from a checkout, or name a cluster with --bootstrap-servers");
    EmbeddedBroker broker = EmbeddedBroker.start(0, null);
    Shutdown ending = Shutdown.hook(broker::close, () -> exitCode);
    try {
      Path state = Files.createTempDirectory("wxphone-demo-");
      broker.beforeClose(() -> delete(state));
      Settings settings =
          kafka.settings(
              Map.of(
                  "bootstrap.servers", broker.bootstrapServers(), "state.dir", state.toString()));
      PhoneStream stream = start(settings);
      broker.beforeClose(stream::close);
      Demo demo = demo(settings, stream, out);
      broker.beforeClose(demo::end);
      play(
          demo,
          settings,
          simulator,
          playedSeed,
          out,
          "Until Ctrl-C the broker stays. From a second terminal in this directory:");
      if (stays()) {
        stream.awaitEnd();
      }
      return exitCode;
    } finally {
      if (ending.complete()) {
        broker.close();
      }
    }
  }

  private static PhoneStream start(Settings settings) {
    TopicSetup.make(settings);
    return PhoneStream.start(settings, null);
  }

  /** Whether somebody is there to look further. */
  private boolean stays() {
    return !once && Terminal.isInteractive();
  }

  private Demo demo(Settings settings, PhoneStream stream, PrintWriter out) {
    return watched
        ? Demo.live(
            settings,
            stream,
            out,
            Terminal.style(),
            further(settings, "dead-letters list", "doctor"))
        : Demo.inLines(settings, stream, out);
  }

  private void play(
      Demo demo,
      Settings settings,
      Simulator simulator,
      long playedSeed,
      PrintWriter out,
      String invitation)
      throws InterruptedException {
    out.printf(
        "playing %d payloads on %s, seed %d%n",
        payloads, settings.bootstrapServers().orElse(""), playedSeed);
    out.flush();
    Demo.Outcome outcome =
        demo.play(simulator, payloads, rate == null ? (watched ? 40 : 200) : rate);
    exitCode =
        outcome == Demo.Outcome.RIGHT ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    if (stays() && outcome != Demo.Outcome.ENDED) {
      List<String> commands = new ArrayList<>(List.of("dead-letters list"));
      demo.newestLetter().ifPresent(id -> commands.add("dead-letters show " + id));
      commands.add("doctor");
      out.println();
      out.println(invitation);
      further(settings, commands.toArray(String[]::new)).forEach(row -> out.println("  " + row));
      out.flush();
    }
  }

  /** The rows of these commands. */
  private static List<String> further(Settings settings, String... commands) {
    String servers = settings.bootstrapServers().orElse("");
    return Arrays.stream(commands)
        .flatMap(command -> NextSteps.rows(EmbeddedBroker.available(), command, servers).stream())
        .toList();
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("{} could not be removed", directory);
    }
  }
}
