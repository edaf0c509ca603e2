package dev.wxphone.demo.broker;

import dev.wxphone.cli.Shutdown;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.TopicSetup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code broker} command: a broker for development. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = {
      "Runs an embedded single-node Kafka broker for development, with the topics made, until"
          + " Ctrl-C.",
      "Prints ready and its address. It listens on 127.0.0.1 only."
    })
public final class BrokerCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Where clients connect; 0 for a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Kept and continued (default: a temporary one, removed at the end).")
  private @Nullable Path dataDir;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    if (port < 0 || port > 65535) {
      throw new ParameterException(command.commandLine(), "--port takes a number from 0 to 65535");
    }
    EmbeddedBroker.requireAvailable(
        "run it from a checkout, with mvn -q compile exec:java -Dexec.args=broker");
    EmbeddedBroker broker = EmbeddedBroker.start(port, dataDir);
    Shutdown shutdown = Shutdown.hook(broker::close);
    try {
      Settings settings =
          Settings.load(
              null, Map.of(), Map.of("bootstrap.servers", broker.bootstrapServers()), w -> {});
      TopicSetup.make(settings);
      PrintWriter out = command.commandLine().getOut();
      out.println("ready " + broker.bootstrapServers());
      out.flush();
      Thread.currentThread().join();
      return 0;
    } finally {
      if (shutdown.complete()) {
        broker.close();
      }
    }
  }
}
