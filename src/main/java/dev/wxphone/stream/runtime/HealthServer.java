package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import dev.wxphone.stream.metrics.PrometheusMetrics;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves {@code /live}, {@code /ready}, {@code /metrics} and a page at {@code /} over HTTP. Clients
 * that send or read slowly hold up no other.
 */
public final class HealthServer implements AutoCloseable {
  /** Far more than probes and scrapers, and few enough for their stacks to cost nothing. */
  private static final int REQUESTS_AT_A_TIME = 64;

  /** Connections that the system accepts before the server does. */
  private static final int BACKLOG = 1024;

  /** Bytes that are written at a time. */
  private static final int PIECE = 8 * 1024;

  private static final Set<String> PATHS = Set.of("/", "/live", "/ready", "/metrics");
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final List<String> PLAIN_TEXT = List.of("text/plain; charset=utf-8");

  static {
    // Read once, when the JDK's server is loaded, and in seconds. The time for one request and one
    // answer has no limit by default; connections without a request would stay for ever on some
    // JDKs. A limit to connections keeps files for RocksDB and Kafka's clients.
    setUnlessSet("sun.net.httpserver.maxReqTime", "10");
    setUnlessSet("sun.net.httpserver.maxRspTime", "10");
    setUnlessSet("sun.net.httpserver.idleInterval", "10");
    setUnlessSet("jdk.httpserver.maxConnections", "2000");
  }

  private final Supplier<Health> health;
  private final Supplier<String> metrics;
  private final HttpServer server;
  private final EvictingExecutor requests = new EvictingExecutor("health", REQUESTS_AT_A_TIME);

  private HealthServer(Supplier<Health> health, Supplier<String> metrics, HttpServer server) {
    this.health = health;
    this.metrics = metrics;
    this.server = server;
  }

  /**
   * Starts a server for a stream.
   *
   * @param host a name or an address of this machine; empty for all addresses
   * @param port 0 for a free one
   * @throws OperatorException if the port can't be opened
   */
  public static HealthServer start(PhoneStream stream, String host, int port) {
    StreamStatus status = stream.status();
    return start(status::health, status::metrics, host, port);
  }

  static HealthServer start(
      Supplier<Health> health, Supplier<String> metrics, String host, int port) {
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw OperatorException.failed(
          "wxphone.http.host: the name %s is not known here; give a name or an address of this machine, or leave it out for all addresses"
              .formatted(SafeText.quoted(host)));
    }
    try {
      HttpServer server = HttpServer.create(address, BACKLOG);
      HealthServer started = new HealthServer(health, metrics, server);
      server.createContext("/", started::answer);
      server.setExecutor(started.requests);
      server.start();
      return started;
    } catch (IOException e) {
      throw OperatorException.failed(
          "port "
              + port
              + (host.isEmpty() ? "" : " of " + host)
              + " can't be opened; set wxphone.http.port to another one, to 0 for any, or to -1 for"
              + " none"
              + (host.isEmpty() ? "" : "; or wxphone.http.host to an address of this machine"));
    }
  }

  /** Returns the port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Returns the address and port that it listens on, as in a URL. */
  public String address() {
    InetAddress bound = server.getAddress().getAddress();
    String host = bound.getHostAddress();
    if (bound instanceof Inet6Address) {
      host = bound.isAnyLocalAddress() ? "[::]" : "[" + host + "]";
    }
    return host + ":" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    requests.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = String.valueOf(exchange.getRequestURI().getRawPath());
    if (!PATHS.contains(path)) {
      answer(exchange, 404, "there is /, /live, /ready and /metrics\n");
    } else if (!METHODS.contains(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      // Without it the server would read the body of the request to its end.
      exchange.getResponseHeaders().set("Connection", "close");
      answer(exchange, 405, "GET and HEAD only\n");
    } else if (path.equals("/")) {
      showPage(exchange);
    } else if (path.equals("/metrics")) {
      exchange.getResponseHeaders().set("Content-Type", PrometheusMetrics.contentType());
      answer(exchange, 200, metrics.get());
    } else {
      Health now = health.get();
      boolean good = path.equals("/live") ? now.live() : now.ready();
      answer(exchange, good ? 200 : 503, now.text() + "\n");
    }
  }

  private static void showPage(HttpExchange exchange) throws IOException {
    StatusPage page = StatusPage.INSTANCE;
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("Content-Security-Policy", page.contentSecurityPolicy());
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    // After an upgrade the page is the new one, which knows the new metrics.
    exchange.getResponseHeaders().set("Cache-Control", "no-cache");
    answer(exchange, 200, page.html());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().putIfAbsent("Content-Type", PLAIN_TEXT);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(status, -1);
      } else {
        exchange.sendResponseHeaders(status, body.length);
        // In pieces: of each the JDK's server allocates twice as much again.
        for (int from = 0; from < body.length; from += PIECE) {
          exchange.getResponseBody().write(body, from, Math.min(PIECE, body.length - from));
        }
      }
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
