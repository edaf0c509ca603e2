package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A controller and brokers that are processes of their own, with a replica of everything on each
 * broker. Brokers with the controller's role too do not end cleanly when others are gone.
 */
final class BrokerCluster implements BrokerProcesses {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final int CONTROLLER = 100;

  private final Path directory;
  private final String clusterId = Uuid.randomUuid().toString();
  private final int controllerPort = LocalPorts.free();
  private final List<Integer> ports;
  private final Program controller;
  private final List<Program> brokers = new ArrayList<>();

  /**
   * Starts a cluster.
   *
   * @param count how many brokers
   */
  BrokerCluster(Path directory, int count) {
    this.directory = directory;
    ports = IntStream.range(0, count).mapToObj(i -> LocalPorts.free()).toList();
    format(CONTROLLER, controllerProperties());
    controller = start(CONTROLLER);
    for (int id = 0; id < count; id++) {
      format(id, brokerProperties(id, count));
      brokers.add(start(id));
    }
    awaitBrokers(count);
  }

  @Override
  public String bootstrapServers() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  @Override
  public Duration cpuTime() {
    return brokers.stream()
        .map(Program::cpuTime)
        .reduce(controller.cpuTime(), (one, other) -> one.plus(other));
  }

  int size() {
    return brokers.size();
  }

  /** Ends a broker by SIGTERM, on which it hands over its partitions, and starts it again. */
  void restart(int id) {
    brokers.get(id).terminate(STOP_TIMEOUT);
    brokers.set(id, start(id));
    awaitBrokers(size());
  }

  /** Kills a broker and starts it again. */
  void killAndStart(int id) {
    brokers.get(id).kill();
    brokers.set(id, start(id));
    awaitBrokers(size());
  }

  @Override
  public void close() {
    // The controller last, or no broker could end cleanly.
    brokers.forEach(Program::close);
    controller.close();
  }

  private Properties controllerProperties() {
    Properties properties = common(CONTROLLER);
    properties.put("process.roles", "controller");
    properties.put("listeners", "CONTROLLER://127.0.0.1:" + controllerPort);
    return properties;
  }

  private Properties brokerProperties(int id, int count) {
    Properties properties = common(id);
    String replicas = Integer.toString(count);
    String inSync = Integer.toString(Math.max(1, count - 1));
    properties.put("process.roles", "broker");
    properties.put("listeners", "PLAINTEXT://127.0.0.1:" + ports.get(id));
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("offsets.topic.replication.factor", replicas);
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("transaction.state.log.replication.factor", replicas);
    properties.put("transaction.state.log.min.isr", inSync);
    properties.put("share.coordinator.state.topic.replication.factor", replicas);
    properties.put("share.coordinator.state.topic.min.isr", inSync);
    properties.put("default.replication.factor", replicas);
    properties.put("min.insync.replicas", inSync);
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("auto.create.topics.enable", "false");
    properties.put("log.cleaner.dedupe.buffer.size", "2097152");
    return properties;
  }

  private Properties common(int id) {
    Properties properties = new Properties();
    properties.put("node.id", Integer.toString(id));
    properties.put("controller.quorum.voters", CONTROLLER + "@127.0.0.1:" + controllerPort);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    properties.put("log.dirs", directory.resolve("log-" + id).toString());
    return properties;
  }

  private void format(int id, Properties properties) {
    Path file = file(id);
    try (var writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program tool =
        java(List.of("kafka.tools.StorageTool", "format", "-t", clusterId, "-c", file.toString()));
    if (tool.awaitExit().code() != 0) {
      throw new IllegalStateException(tool.toString());
    }
  }

  private Program start(int id) {
    return java(List.of("kafka.Kafka", file(id).toString()));
  }

  private Path file(int id) {
    return directory.resolve("node-" + id + ".properties");
  }

  private Program java(List<String> mainAndArguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                BenchmarkBroker.java(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                BenchmarkBroker.classPath()));
    command.addAll(mainAndArguments);
    return Program.command(Path.of("").toAbsolutePath(), Map.of(), command);
  }

  private void awaitBrokers(int count) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      Program.await(
          count + " brokers are there",
          () -> {
            try {
              return admin.describeCluster().nodes().get().size() == count;
            } catch (ExecutionException | InterruptedException e) {
              return false;
            }
          });
    }
  }
}
