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
import java.util.Comparator;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker of one node inside this JVM, on 127.0.0.1 only, ready once {@link #start} returns.
 * It stops, and its temporary directory goes, at {@link #close} or when the JVM ends (Ctrl-C and
 * SIGTERM too), whichever comes first.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final String LOCK = ".embedded-broker.lock";
  private static final int BACKLOG = 50;

  private final Thread hook = new Thread(this::stop, "embedded-broker-shutdown");
  private final Deque<Runnable> farewells = new ArrayDeque<>();
  private @Nullable ServerSocketChannel clients;
  private @Nullable ServerSocketChannel controllers;
  private @Nullable FileChannel lock;
  private @Nullable Path temporary;
  private @Nullable KraftNode node;
  private int port;
  private boolean stopped;

  private EmbeddedBroker() {}

  /** Whether the broker's libraries are on the class path; in the jar they are not. */
  public static boolean available() {
    try {
      Class.forName("kafka.server.SharedServer", false, EmbeddedBroker.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Fails with what to do instead where the broker's libraries are not on the class path. */
  public static void require(String instead) {
    if (!available()) {
      throw OperatorException.failed("the broker's libraries are not in this jar: " + instead);
    }
  }

  /**
   * Starts a broker where one is {@link #available}, or says in one line why it can't.
   *
   * @param port of the clients' listener; 0 for a free one
   * @param dataDir made and formatted where it is missing or empty, continued where it is a
   *     broker's; null for a temporary one
   */
  public static EmbeddedBroker start(int port, @Nullable Path dataDir) {
    var broker = new EmbeddedBroker();
    // Before there is anything to clean up: a signal during the start leaves nothing behind either.
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

  /** The address for clients, {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /**
   * Runs the action before the broker stops, whoever stops it, so that clients in this JVM end
   * while there is still a broker to take leave of; the last one given runs first.
   */
  public synchronized void beforeClose(Runnable farewell) {
    farewells.push(farewell);
  }

  /** Returns once the broker has stopped and its temporary directory is gone; twice is once. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook is or will be at it: stop() lets one in and the other wait.
    }
    stop();
  }

  private synchronized void open(int wantedPort, @Nullable Path dataDir) throws Exception {
    if (stopped) {
      // A signal came first: what is opened now, nobody would clean up.
      throw OperatorException.failed("the broker does not start: the program is ending");
    }
    // Bound here and handed over, so that nobody can take a free port between finding and using it.
    clients = bind(wantedPort);
    controllers = bind(0);
    port = ((InetSocketAddress) clients.getLocalAddress()).getPort();
    Path directory;
    if (dataDir == null) {
      directory = temporary = Files.createTempDirectory("wxphone-broker-");
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
    BrokerLogFilter.keepBack();
    node = new KraftNode(directory, clients, controllers);
    node.start();
  }

  private synchronized void stop() {
    stopped = true;
    while (!farewells.isEmpty()) {
      quietly(farewells.pop()::run);
    }
    if (node != null) {
      quietly(node::stop);
      node = null;
    }
    for (var socket : new ServerSocketChannel[] {clients, controllers}) {
      // Closed already by a node that ran; still open after a failed start.
      if (socket != null) {
        quietly(socket::close);
      }
    }
    if (lock != null) {
      quietly(lock::close);
      lock = null;
    }
    if (temporary != null) {
      var directory = temporary;
      quietly(() -> delete(directory));
      temporary = null;
    }
  }

  private static ServerSocketChannel bind(int port) throws IOException {
    var socket = ServerSocketChannel.open();
    try {
      socket.configureBlocking(false);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
      return socket;
    } catch (BindException e) {
      socket.close();
      // Linux says "Address already in use", and "Permission denied" for the ports of root.
      var why = String.valueOf(e.getMessage()).contains("in use") ? "in use" : "not ours to open";
      throw OperatorException.failed(
          "port %d is %s on 127.0.0.1: choose another with --port, or 0 for a free one"
              .formatted(port, why));
    }
  }

  /**
   * Kafka's own lock comes too late: by then a second controller has damaged the first one's log.
   */
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

  /** The last step of a stop is as necessary as the first, whatever the first one throws. */
  private static void quietly(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      LOG.warn("The embedded broker stops in spite of {}", e.toString());
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
