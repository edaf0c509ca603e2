package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP server, asked through plain sockets. */
final class HealthServerTest {
  private static final int SLOW_CLIENTS = 500;
  private static final int TIMEOUT_MS = 5_000;

  /** Ten times what a scrape is. */
  private static final String LARGE = "x".repeat(128 * 1024);

  private final HealthServer server = start("127.0.0.1");
  private final List<Socket> slow = new ArrayList<>();
  private volatile String metrics = "wxphone_waiting 0\n";
  private volatile boolean ready = true;

  private HealthServer start(String host) {
    return HealthServer.start(() -> new Health(true, ready, "RUNNING"), () -> metrics, host, 0);
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : slow) {
      socket.close();
    }
    server.close();
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), TIMEOUT_MS);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return socket;
  }

  /** Returns the whole answer: the server closes the connection behind it. */
  private String answer(String requestLine) throws IOException {
    try (Socket socket = send(requestLine + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "G",
        "GET /live HTTP/1.1\r\nHost: x\r\nX-Never:",
        "POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
        "POST /live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
      })
  void clients_that_do_not_finish_their_request_hold_up_nobody(String begun) throws IOException {
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      slow.add(send(begun));
    }
    assertServes();
  }

  @Test
  void clients_that_do_not_read_the_answer_hold_up_nobody() throws IOException {
    metrics = LARGE;
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      slow.add(send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    assertServes();
  }

  @Test
  void clients_that_keep_their_connection_hold_up_nobody() throws IOException {
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      slow.add(send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n"));
      assertThat(slow.get(i).getInputStream().read()).isEqualTo('H');
    }
    assertServes();
  }

  private void assertServes() throws IOException {
    long start = System.nanoTime();
    assertThat(answer("GET /live")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nRUNNING\n");
    System.out.printf(
        "/live beside %d slow clients: %d ms%n",
        slow.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    assertThat(answer("GET /ready")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void a_client_that_is_slow_alone_is_served() throws IOException {
    try (Socket socket = send("GET /ready HTTP/1.1\r\nHost: x\r\n")) {
      assertThat(answer("GET /live")).startsWith("HTTP/1.1 200 ");
      socket.getOutputStream().write("Connection: close\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void what_is_not_ready_is_503() throws IOException {
    ready = false;
    assertThat(answer("GET /ready")).startsWith("HTTP/1.1 503 ").endsWith("RUNNING\n");
    assertThat(answer("GET /live")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void metrics_are_prometheus_text() throws IOException {
    assertThat(answer("GET /metrics"))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        .endsWith("\r\n\r\nwxphone_waiting 0\n");
  }

  @ParameterizedTest
  @CsvSource({"/live, 8", "/ready, 8", "/metrics, 18"})
  void head_is_get_without_the_body(String path, int length) throws IOException {
    assertThat(answer("HEAD " + path))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("Content-Length: " + length + "\r\n")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "X"})
  void other_methods_are_405_and_name_those_that_are_allowed(String method) throws IOException {
    assertThat(answer(method + " /live"))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("Allow: GET, HEAD\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/livex",
        "/index.html",
        "/status.html",
        "/live/",
        "/live/x",
        "/LIVE",
        "/%6Cive",
        "//live",
        "/x/../live",
        "/metrics/",
        "/favicon.ico"
      })
  void other_paths_are_404(String path) throws IOException {
    assertThat(answer("GET " + path)).startsWith("HTTP/1.1 404 ");
    assertThat(answer("POST " + path)).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void what_is_there_is_named_where_nothing_is() throws IOException {
    assertThat(answer("GET /metric")).endsWith("\r\n\r\nthere is /, /live, /ready and /metrics\n");
  }

  @Test
  void the_page_may_load_nothing_but_itself() throws IOException {
    String answer = answer("GET /");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("Content-Type: text/html; charset=utf-8\r\n")
        .containsPattern(
            "(?i)Content-Security-Policy: default-src 'none'; script-src 'sha256-[^ ]{44}';"
                + " style-src 'sha256-[^ ]{44}'; img-src data:; connect-src 'self';")
        .containsIgnoringCase("X-Content-Type-Options: nosniff\r\n")
        .contains("\r\n\r\n<!DOCTYPE html>")
        .endsWith("</html>\n");
    assertThat(answer("HEAD /"))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase(
            "Content-Length: "
                + StatusPage.INSTANCE.html().getBytes(StandardCharsets.UTF_8).length
                + "\r\n")
        .endsWith("\r\n\r\n");
  }

  /** Whatever a browser would load or send is refused by the policy; it should not be tried. */
  @Test
  void the_page_names_no_other_place() {
    assertThat(StatusPage.INSTANCE.html().replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "//cdn", "@import", "url(", " src=", "style=");
    assertThat(StatusPage.INSTANCE.html().lines().count()).isLessThanOrEqualTo(600);
  }

  @Test
  void a_query_changes_nothing() throws IOException {
    assertThat(answer("GET /live?verbose")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void the_address_is_the_one_that_is_bound() {
    assertThat(server.address()).isEqualTo("127.0.0.1:" + server.port());
    try (HealthServer all = start("")) {
      assertThat(all.address()).isIn("[::]:" + all.port(), "0.0.0.0:" + all.port());
    }
  }

  @Test
  void an_address_that_can_not_be_bound_is_one_line() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatExceptionOfType(OperatorException.class)
          .isThrownBy(
              () ->
                  HealthServer.start(
                      () -> new Health(true, true, ""),
                      () -> "",
                      "127.0.0.1",
                      taken.getLocalPort()))
          .withMessageStartingWith(
              "port " + taken.getLocalPort() + " of 127.0.0.1 can't be opened");
    }
    assertThatExceptionOfType(OperatorException.class)
        .isThrownBy(() -> start("no-such-host.invalid"))
        .withMessageStartingWith("wxphone.http.host: the name \"no-such-host.invalid\"");
  }
}
