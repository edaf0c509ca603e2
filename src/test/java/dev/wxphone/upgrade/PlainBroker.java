package dev.wxphone.upgrade;

import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Kafka's own main class as a process, on data that another version of it may have written. */
final class PlainBroker implements AutoCloseable {
  private static final String CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);

  private final String bootstrapServers;
  private final Program program;

  /**
   * Starts it.
   *
   * @param data formatted if it does not exist
   * @param temporary for what else it writes
   */
  PlainBroker(Path data, Path temporary) throws IOException {
    bootstrapServers = "127.0.0.1:" + LocalPorts.free();
    String controller = "127.0.0.1:" + LocalPorts.free();
    Path properties = temporary.resolve("server.properties");
    Files.writeString(
        properties,
        String.join(
            "\n",
            "process.roles=broker,controller",
            "node.id=1",
            "log.dirs=" + data,
            "listeners=CLIENTS://" + bootstrapServers + ",CONTROLLER://" + controller,
            "advertised.listeners=CLIENTS://" + bootstrapServers,
            "listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=CLIENTS",
            "controller.listener.names=CONTROLLER",
            "controller.quorum.voters=1@" + controller,
            "auto.create.topics.enable=false",
            "offsets.topic.num.partitions=1",
            "offsets.topic.replication.factor=1",
            "transaction.state.log.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "group.initial.rebalance.delay.ms=0",
            "log.cleaner.dedupe.buffer.size=2097152",
            ""));
    if (!Files.exists(data)) {
      List<String> format = List.of("format", "-t", CLUSTER_ID, "-c", properties.toString());
      try (Program tool =
          Program.checkout(temporary, Map.of(), "kafka.tools.StorageTool", format)) {
        if (tool.awaitExit().code() != 0) {
          throw new AssertionError(tool.toString());
        }
      }
    }
    program = Program.checkout(temporary, Map.of(), "kafka.Kafka", List.of(properties.toString()));
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops it as a package's service does, so that it leaves whole files. */
  void stop() {
    program.terminate(STOPS_WITHIN);
  }

  @Override
  public void close() {
    program.close();
  }
}
