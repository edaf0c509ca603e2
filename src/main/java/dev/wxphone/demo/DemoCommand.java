package dev.wxphone.demo;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.NextSteps;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.cli.Terminal;
import dev.wxphone.demo.TrafficOptions.PlayedTraffic;
import dev.wxphone.demo.broker.EmbeddedBroker;
import dev.wxphone.operator.SafeText;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.runtime.HealthServer;
import dev.wxphone.stream.runtime.PhoneStream;
import dev.wxphone.topics.TopicSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code demo} command. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Plays the traffic of simulated mini-program users, with every trouble that session keys bring,"
          + " and answers it.",
      "Starts an embedded broker, or uses --bootstrap-servers (none that a file or the environment"
          + " names). At the end it reads the topics back"
          + " and prints the books: payloads in, profiles and dead letters out."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Terminal.Size LIVE_SIZE =
      new Terminal.Size(Demo.LIVE_ROWS, Demo.LIVE_COLUMNS);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Mixin private final TrafficOptions trafficOptions = new TrafficOptions();

  @Option(
      names = "--once",
      description =
          "End when every payload is answered; exit 0 only if the books balance. (Without it, on a"
              + " terminal, the broker stays until Ctrl-C.)")
  private boolean once;

  @Option(
      names = "--yes",
      description = "Publish made-up people even among records that are not a demo's.")
  private boolean yes;

  @Spec private @Nullable CommandSpec command;

  private boolean live;

  /** The code of an exit by signal too: a demo that is stopped early has failed. */
  private volatile int exitCode = CommandLine.ExitCode.SOFTWARE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    live = !once && Terminal.canRepaint(LIVE_SIZE);
    PlayedTraffic traffic = trafficOptions.traffic(live);
    CommandLine commandLine = Objects.requireNonNull(command).commandLine();
    PrintWriter out = commandLine.getOut();
    Settings settings = kafka.settings();
    if (kafka.namesCluster()) {
      return playOnCluster(settings, traffic, out);
    }
    settings.bootstrapServers().ifPresent(ignored -> showIgnored(ignored, commandLine.getErr()));
    if (EmbeddedBroker.isAvailable()) {
      out.println("starting an embedded Kafka broker");
      out.flush();
    }
    return playOnEmbeddedBroker(traffic, out);
  }

  private static void showIgnored(String bootstrapServers, PrintWriter err) {
    err.printf(
        "wxphone: bootstrap.servers=%s is ignored: demo publishes made-up people, so it plays on a cluster only if --bootstrap-servers names it%n",
        SafeText.shortened(bootstrapServers));
    err.flush();
  }

  private int playOnCluster(Settings settings, PlayedTraffic traffic, PrintWriter out)
      throws InterruptedException {
    if (!yes) {
      OthersRecords.refuse(settings);
    }
    PhoneStream stream = start(settings);
    HealthServer page = openPage(stream);
    Demo demo = demo(settings, stream, page, out);
    Shutdown shutdown =
        Shutdown.hook(
            () -> {
              demo.stop();
              stream.close();
              page.close();
            },
            () -> exitCode);
    try {
      play(demo, settings, page, traffic, out, "Look further, from this directory:");
      return exitCode;
    } finally {
      if (shutdown.complete()) {
        stream.close();
        page.close();
      }
    }
  }

  private int playOnEmbeddedBroker(PlayedTraffic traffic, PrintWriter out)
      throws IOException, InterruptedException {
    EmbeddedBroker.requireAvailable(
        "run it from a checkout, or name a cluster with --bootstrap-servers");
    EmbeddedBroker broker = EmbeddedBroker.start(0, null);
    Shutdown shutdown = Shutdown.hook(broker::close, () -> exitCode);
    try {
      Path state = broker.temporaryDirectory("wxphone-demo-");
      Settings settings =
          kafka.settings(
              Map.of(
                  "bootstrap.servers",
                  broker.bootstrapServers(),
                  // The embedded broker takes no credentials for the cluster that is ignored.
                  "security.protocol",
                  "PLAINTEXT",
                  "state.dir",
                  state.toString()));
      PhoneStream stream = start(settings);
      HealthServer page = openPage(stream);
      broker.beforeClose(page::close);
      broker.beforeClose(stream::close);
      Demo demo = demo(settings, stream, page, out);
      broker.beforeClose(demo::stop);
      play(
          demo,
          settings,
          page,
          traffic,
          out,
          "Until Ctrl-C: " + urlOf(page) + " and, from a second terminal here:");
      if (staysOpen()) {
        stream.awaitEnd();
      }
      return exitCode;
    } finally {
      if (shutdown.complete()) {
        broker.close();
      }
    }
  }

  private static PhoneStream start(Settings settings) {
    TopicSetup.make(settings);
    return PhoneStream.start(settings, null);
  }

  /** Opens the page of {@code run}, on a free port: that of the settings may be of a run. */
  private static HealthServer openPage(PhoneStream stream) {
    return HealthServer.start(stream, "127.0.0.1", 0);
  }

  private static String urlOf(HealthServer page) {
    return "http://" + page.address() + "/";
  }

  /** Returns whether there is someone at a terminal to try the next steps. */
  private boolean staysOpen() {
    return !once && Terminal.isInteractive();
  }

  private Demo demo(Settings settings, PhoneStream stream, HealthServer page, PrintWriter out) {
    return live
        ? Demo.live(
            settings,
            stream,
            out,
            Terminal.style(),
            urlOf(page),
            nextSteps(settings, List.of("dead-letters list", "doctor")))
        : Demo.inLines(settings, stream, out);
  }

  private void play(
      Demo demo,
      Settings settings,
      HealthServer page,
      PlayedTraffic traffic,
      PrintWriter out,
      String nextStepsHeading)
      throws InterruptedException {
    out.printf(
        "playing %d payloads on %s, seed %d%n",
        traffic.payloads(), settings.bootstrapServers().orElse(""), traffic.seed());
    out.println("watch it on " + urlOf(page));
    out.flush();
    Demo.Outcome outcome = demo.play(traffic.simulator(), traffic.payloads(), traffic.perSecond());
    exitCode =
        outcome == Demo.Outcome.AS_EXPECTED
            ? CommandLine.ExitCode.OK
            : CommandLine.ExitCode.SOFTWARE;
    if (staysOpen() && outcome != Demo.Outcome.STOPPED) {
      List<String> commands = new ArrayList<>(List.of("dead-letters list"));
      demo.newestDeadLetter().ifPresent(id -> commands.add("dead-letters show " + id));
      commands.add("doctor");
      out.println();
      out.println(nextStepsHeading);
      nextSteps(settings, commands).forEach(line -> out.println("  " + line));
      out.flush();
    }
  }

  private static List<String> nextSteps(Settings settings, List<String> commands) {
    String servers = settings.bootstrapServers().orElse("");
    return commands.stream()
        .flatMap(each -> NextSteps.rows(EmbeddedBroker.isAvailable(), each, servers).stream())
        .toList();
  }
}
