package dev.wxphone.demo.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server$;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.LoggerFactory;

/**
 * Kafka's broker and controller as one node, on sockets that are already bound. Assembles the parts
 * of {@link KafkaRaftServer} itself, since that class binds its own sockets (another process could
 * take a free port in between) and exits the JVM if its start fails. The only class that refers to
 * the broker's libraries, so that {@link EmbeddedBroker} loads without them.
 */
final class KraftNode {
  private static final int NODE_ID = 1;
  private static final String CLIENTS = "PLAINTEXT";
  private static final String CONTROLLER = "CONTROLLER";
  private static final String META_PROPERTIES = "meta.properties";

  private final ControllerServer controller;
  private final BrokerServer broker;

  /** Creates a node, which owns both sockets from {@link #start} on. */
  KraftNode(Path directory, ServerSocketChannel clients, ServerSocketChannel controllers)
      throws IOException {
    var config = KafkaConfig.fromProps(properties(directory, clients, controllers), false);
    var logDirs =
        KafkaRaftServer.initializeLogDirs(config, LoggerFactory.getLogger(KraftNode.class), "");
    Map<String, ServerSocketChannel> sockets = Map.of(CLIENTS, clients, CONTROLLER, controllers);
    var shared =
        new SharedServer(
            config,
            logDirs._1,
            Time.SYSTEM,
            Server$.MODULE$.initializeMetrics(config, Time.SYSTEM, logDirs._1.clusterId().get()),
            CompletableFuture.completedFuture(
                Map.of(NODE_ID, (InetSocketAddress) controllers.getLocalAddress())),
            List.of(),
            (name, fatal, action) -> new LoggingFaultHandler(name, action),
            (listener, address, backlog, receiveBuffer) -> sockets.get(listener));
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirs._2);
    broker = new BrokerServer(shared);
  }

  static boolean isFormatted(Path directory) {
    return Files.exists(directory.resolve(META_PROPERTIES));
  }

  static void format(Path directory) throws Exception {
    new Formatter()
        .setNodeId(NODE_ID)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(CONTROLLER)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  void start() {
    controller.startup();
    broker.startup();
  }

  void stop() {
    // The broker first: it deregisters at the controller.
    broker.shutdown();
    controller.shutdown();
  }

  private static Properties properties(
      Path directory, ServerSocketChannel clients, ServerSocketChannel controllers)
      throws IOException {
    var props = new Properties();
    props.put("process.roles", "broker,controller");
    props.put("node.id", String.valueOf(NODE_ID));
    props.put("log.dirs", directory.toString());
    props.put("listeners", url(CLIENTS, clients) + "," + url(CONTROLLER, controllers));
    props.put("advertised.listeners", url(CLIENTS, clients));
    props.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    props.put("inter.broker.listener.name", CLIENTS);
    props.put("controller.listener.names", CONTROLLER);
    props.put("controller.quorum.voters", NODE_ID + "@" + hostAndPort(controllers));
    // A missing topic is an error to be seen, as on a production cluster.
    props.put("auto.create.topics.enable", "false");
    // There is one node.
    props.put("default.replication.factor", "1");
    props.put("min.insync.replicas", "1");
    props.put("offsets.topic.replication.factor", "1");
    props.put("transaction.state.log.replication.factor", "1");
    props.put("transaction.state.log.min.isr", "1");
    props.put("share.coordinator.state.topic.replication.factor", "1");
    props.put("share.coordinator.state.topic.min.isr", "1");
    // Small: fewer partitions to create, fewer threads, less memory.
    props.put("offsets.topic.num.partitions", "4");
    props.put("transaction.state.log.num.partitions", "4");
    props.put("share.coordinator.state.topic.num.partitions", "1");
    props.put("num.network.threads", "2");
    props.put("num.io.threads", "4");
    props.put("background.threads", "2");
    props.put("num.recovery.threads.per.data.dir", "2");
    props.put("log.cleaner.dedupe.buffer.size", "2097152");
    // Groups form at once: no more members are expected.
    props.put("group.initial.rebalance.delay.ms", "0");
    // A dead producer's transaction is aborted at its own timeout, not up to 10 s later.
    props.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // The only voter wins every election.
    props.put("controller.quorum.election.timeout.ms", "100");
    props.put("controller.quorum.election.backoff.max.ms", "100");
    // After a kill, the broker can register again only when its old session has expired.
    props.put("broker.heartbeat.interval.ms", "1000");
    props.put("broker.session.timeout.ms", "4000");
    // A start that hangs becomes an error.
    props.put("server.max.startup.time.ms", "120000");
    return props;
  }

  private static String url(String listener, ServerSocketChannel socket) throws IOException {
    return listener + "://" + hostAndPort(socket);
  }

  private static String hostAndPort(ServerSocketChannel socket) throws IOException {
    var address = (InetSocketAddress) socket.getLocalAddress();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
