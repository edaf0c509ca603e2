package dev.wxphone.cli;

import dev.wxphone.broker.EmbeddedBroker;
import dev.wxphone.demo.Demo;
import dev.wxphone.demo.Simulator;
import dev.wxphone.demo.Trouble;
import dev.wxphone.demo.Troubles;
import dev.wxphone.runtime.PhoneStream;
import dev.wxphone.runtime.TopicSetup;
import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
final class DemoCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

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
      description = "Payloads a second (default: 200; 40 where a person looks on).")
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
    if (payloads < 1
        || payloads > 10_000_000
        || (rate != null && !(rate >= 1 && rate <= 100_000))) {
      throw new ParameterException(
          command.commandLine(), "--payloads takes 1 to 10000000, --rate takes 1 to 100000");
    }
    long playedSeed = seed == null ? System.nanoTime() : seed;
    Simulator simulator = simulator(command, playedSeed);
    PrintWriter out = command.commandLine().getOut();
    Settings settings = kafka.settings();
    if (settings.bootstrapServers().isPresent()) {
      try (PhoneStream stream = start(settings)) {
        return play(settings, stream, simulator, playedSeed, out) ? 0 : 1;
      }
    }
    out.println("starting an embedded Kafka broker");
    out.flush();
    return playOnEmbeddedBroker(simulator, playedSeed, out);
  }

  private Simulator simulator(CommandSpec command, long playedSeed) {
    if (users < 1 || users > 10_000_000 || !(sessionLife >= 0.001 && sessionLife <= 1e9)) {
      throw new ParameterException(
          command.commandLine(),
          "--users takes 1 to 10000000, --session-life takes 0.001 to 1000000000");
    }
    Duration life = Duration.ofMillis((long) (sessionLife * 1000));
    try {
      return new Simulator(
          playedSeed, new Simulator.Options(users, life, Troubles.usualBut(troubles)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--trouble: " + e.getMessage());
    }
  }

  private int playOnEmbeddedBroker(Simulator simulator, long playedSeed, PrintWriter out)
      throws IOException, InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.start(0, null);
    Ending ending = Ending.doing(broker::close);
    try {
      Path state = Files.createTempDirectory("wxphone-demo-");
      broker.beforeClose(() -> delete(state));
      Settings settings =
          kafka.settings(
              Map.of(
                  "bootstrap.servers", broker.bootstrapServers(), "state.dir", state.toString()));
      PhoneStream stream = start(settings);
      broker.beforeClose(stream::close);
      boolean balance = play(settings, stream, simulator, playedSeed, out);
      if (!once && Terminal.isThere()) {
        out.printf("%nThe broker stays at %s until Ctrl-C.%n", broker.bootstrapServers());
        out.println("Look further, from a second terminal in this directory:");
        further(settings).forEach(command -> out.println("  " + command));
        out.flush();
        stream.awaitEnd();
      }
      return balance ? 0 : 1;
    } finally {
      if (ending.byItself()) {
        broker.close();
      }
    }
  }

  private static PhoneStream start(Settings settings) {
    TopicSetup.make(settings);
    return PhoneStream.start(settings, null);
  }

  private boolean play(
      Settings settings, PhoneStream stream, Simulator simulator, long playedSeed, PrintWriter out)
      throws InterruptedException {
    out.printf(
        "playing %d payloads on %s, seed %d%n",
        payloads, settings.bootstrapServers().orElse(""), playedSeed);
    out.flush();
    boolean watched = !once && Terminal.canRepaint();
    Demo demo =
        watched
            ? Demo.live(settings, stream, out, Terminal.paint(), further(settings))
            : Demo.inLines(settings, stream, out);
    return demo.play(simulator, payloads, rate == null ? (watched ? 40 : 200) : rate);
  }

  /** From a checkout there need be no jar yet; and in a jar there is no checkout. */
  private static List<String> further(Settings settings) {
    String servers = settings.bootstrapServers().orElse("");
    String books = "books --bootstrap-servers " + servers;
    return List.of(
        "kcat -C -b %s -t %s -e -q".formatted(servers, settings.topics().userProfile()),
        "kcat -C -b %s -t %s -e -q -f '%%k %%h\\n'"
            .formatted(servers, settings.topics().deadLetter()),
        EmbeddedBroker.available()
            ? "mvn -q exec:java -Dexec.args=\"%s\"".formatted(books)
            : "java -jar target/wxphone.jar " + books);
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
