package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.stream.metrics.MetricsText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves {@code /live}, {@code /ready} and {@code /metrics} over HTTP. */
public final class HealthServer implements AutoCloseable {
  private final PhoneStream stream;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
          });

  private HealthServer(PhoneStream stream, HttpServer server) {
    this.stream = stream;
    this.server = server;
  }

  /**
   * Starts a server on a port of all addresses.
   *
   * @param port 0 for a free one
   * @throws OperatorException if the port can't be opened
   */
  public static HealthServer start(PhoneStream stream, int port) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      HealthServer health = new HealthServer(stream, server);
      server.createContext("/live", health::live);
      server.createContext("/ready", health::ready);
      server.createContext("/metrics", health::metrics);
      server.setExecutor(health.threads);
      server.start();
      return health;
    } catch (IOException e) {
      throw OperatorException.failed(
          "port "
              + port
              + " can't be opened; set wxphone.http.port to another one, to 0 for any, or to -1 for"
              + " none");
    }
  }

  /** Returns the port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void live(HttpExchange exchange) throws IOException {
    Health health = health();
    answer(exchange, health.live() ? 200 : 503, health.text() + "\n", "text/plain");
  }

  private void ready(HttpExchange exchange) throws IOException {
    Health health = health();
    answer(exchange, health.ready() ? 200 : 503, health.text() + "\n", "text/plain");
  }

  private Health health() {
    return Health.of(stream.state(), stream.signs());
  }

  private void metrics(HttpExchange exchange) throws IOException {
    String text = MetricsText.of(stream.counts(), stream.metrics());
    answer(exchange, 200, text, "text/plain; version=0.0.4");
  }

  private static void answer(HttpExchange exchange, int status, String text, String type)
      throws IOException {
    byte[] body = text.getBytes(UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
