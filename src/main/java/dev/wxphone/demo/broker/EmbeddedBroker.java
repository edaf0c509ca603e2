package dev.wxphone.demo.broker;

import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker of one node inside this JVM, on 127.0.0.1 only, ready when {@link #start} returns.
 * It stops, and its temporary directories are deleted, at {@link #close} or when the JVM shuts down
 * (Ctrl-C and SIGTERM too), whichever comes first.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final String LOCK = ".embedded-broker.lock";
  private static final int BACKLOG = 50;

  private final Thread hook = new Thread(this::stop, "embedded-broker-shutdown");
  private final Deque<Runnable> closeActions = new ArrayDeque<>();
  private final List<Path> temporaryDirectories = new ArrayList<>();
  private @Nullable ServerSocketChannel clients;
  private @Nullable ServerSocketChannel controllers;
  private @Nullable FileChannel lock;
  private @Nullable KraftNode node;
  private int port;
  private boolean stopped;

  private EmbeddedBroker() {}

  /** Returns whether the broker's libraries are on the class path; in the jar they are not. */
  public static boolean isAvailable() {
    try {
      Class.forName("kafka.server.SharedServer", false, EmbeddedBroker.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Requires the broker's libraries on the class path.
   *
   * @param instead what the operator can do without them
   * @throws OperatorException if they are missing
   */
  public static void requireAvailable(String instead) {
    if (!isAvailable()) {
      throw OperatorException.failed("the broker's libraries are not in this jar: " + instead);
    }
  }

  /**
   * Starts a broker.
   *
   * @param port the port for clients; 0 for a free one
   * @param dataDir created and formatted if it is missing or empty, continued if it holds a
   *     broker's data; null for a temporary directory
   * @throws OperatorException if the broker does not start
   */
  public static EmbeddedBroker start(int port, @Nullable Path dataDir) {
    var broker = new EmbeddedBroker();
    // First of all, so that a signal during the start leaves nothing behind.
    Runtime.getRuntime().addShutdownHook(broker.hook);
    try {
      broker.open(port, dataDir);
      return broker;
    } catch (OperatorException e) {
      broker.close();
      throw e;
    } catch (Exception e) {
      broker.close();
      throw OperatorException.failed(
          "the broker does not start%s: %s"
              .formatted(dataDir == null ? "" : " on " + dataDir, reason(e)));
    }
  }

  /** Returns the address for clients, {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /**
   * Registers an action that runs before the broker stops, for clients in this JVM, which need a
   * broker to close cleanly. The action registered last runs first.
   */
  public synchronized void beforeClose(Runnable action) {
    closeActions.push(action);
  }

  /** Creates a directory that is deleted when the broker has stopped. */
  public synchronized Path temporaryDirectory(String prefix) throws IOException {
    Path directory = Files.createTempDirectory(prefix);
    temporaryDirectories.add(directory);
    return directory;
  }

  /** Stops the broker and deletes its temporary directories; a second call has no effect. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, so the hook stops it too; stop() is synchronized.
    }
    stop();
  }

  private synchronized void open(int wantedPort, @Nullable Path dataDir) throws Exception {
    if (stopped) {
      // A signal came first, and nothing would clean up what is opened now.
      throw OperatorException.failed("the broker does not start: the program is ending");
    }
    // Bound here and handed over, so that no other process can take a free port in between.
    clients = bind(wantedPort);
    controllers = bind(0);
    port = ((InetSocketAddress) clients.getLocalAddress()).getPort();
    Path directory;
    if (dataDir == null) {
      directory = temporaryDirectory("wxphone-broker-");
    } else {
      directory = dataDir.toAbsolutePath();
      Files.createDirectories(directory);
    }
    if (!KraftNode.isFormatted(directory) && !isEmpty(directory)) {
      throw OperatorException.failed(
          directory
              + " holds files but no broker's data: choose an empty or a new directory with"
              + " --data-dir");
    }
    lock = lock(directory);
    if (!KraftNode.isFormatted(directory)) {
      KraftNode.format(directory);
    }
    BrokerLogFilter.install();
    node = new KraftNode(directory, clients, controllers);
    node.start();
  }

  private synchronized void stop() {
    stopped = true;
    while (!closeActions.isEmpty()) {
      quietly(closeActions.pop()::run);
    }
    if (node != null) {
      quietly(node::stop);
      node = null;
    }
    for (var socket : new ServerSocketChannel[] {clients, controllers}) {
      // A node that ran has closed it; after a failed start it is still open.
      if (socket != null) {
        quietly(socket::close);
      }
    }
    if (lock != null) {
      quietly(lock::close);
      lock = null;
    }
    temporaryDirectories.forEach(directory -> quietly(() -> delete(directory)));
    temporaryDirectories.clear();
  }

  private static ServerSocketChannel bind(int port) throws IOException {
    var socket = ServerSocketChannel.open();
    try {
      socket.configureBlocking(false);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
      return socket;
    } catch (BindException e) {
      socket.close();
      // Linux: "Address already in use", or "Permission denied" for the ports of root.
      var why = String.valueOf(e.getMessage()).contains("in use") ? "in use" : "not ours to open";
      throw OperatorException.failed(
          "port %d is %s on 127.0.0.1: choose another with --port, or 0 for a free one"
              .formatted(port, why));
    }
  }

  /** Kafka locks the directory only after a second controller has damaged the log of the first. */
  private static FileChannel lock(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by another broker in this JVM.
    }
    channel.close();
    throw OperatorException.failed(
        directory + " is in use by another broker: stop that one, or choose another --data-dir");
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.allMatch(file -> file.endsWith(LOCK));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Runs a step of the stop; the steps after it are necessary even if it fails. */
  private static void quietly(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      LOG.warn("ignored while the embedded broker stops: {}", e.toString());
    }
  }

  private static String reason(Throwable failure) {
    var cause = KafkaErrors.rootCause(failure);
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  private interface Step {
    void run() throws Exception;
  }
}
