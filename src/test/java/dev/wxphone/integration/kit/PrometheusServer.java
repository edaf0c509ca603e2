package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Debian's Prometheus with the project's configuration and rules, of which a minute takes a second.
 */
public final class PrometheusServer implements AutoCloseable {
  private static final Path FILES = Path.of("src/main/monitoring");
  private static final Pattern DURATION = Pattern.compile("(?<=\\[|for: )(\\d+)([mhd])");
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path directory = SharedBroker.temporaryDirectory();
  private final int port = LocalPorts.free();
  private final Program program;

  private PrometheusServer(int target) {
    try {
      String rules = Files.readString(FILES.resolve("alerts.yml"));
      Files.writeString(
          directory.resolve("alerts.yml"),
          DURATION.matcher(rules).replaceAll(found -> minutes(found) + "s"));
      Files.writeString(
          directory.resolve("prometheus.yml"),
          Files.readString(FILES.resolve("prometheus.yml"))
              .replace("interval: 15s", "interval: 1s")
              .replace("wxphone:8080", "127.0.0.1:" + target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    program =
        Program.command(
            directory,
            Map.of(),
            List.of(
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--log.level=warn",
                "--web.listen-address=127.0.0.1:" + port));
  }

  /**
   * Starts it, or skips the test if it is not installed.
   *
   * @param target the port of a {@code run} on this machine, which it scrapes every second
   */
  public static PrometheusServer start(Installed installed, int target) {
    installed.requireCommands("prometheus", "promtool");
    return new PrometheusServer(target);
  }

  private static long minutes(MatchResult duration) {
    return Duration.parse("P" + (duration.group(2).equals("d") ? "" : "T") + duration.group())
        .toMinutes();
  }

  /** Returns the result of an expression, now: one element for each series. */
  public JsonNode query(String expression) {
    JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(expression + ": " + answer);
    }
    return answer.at("/data/result");
  }

  /** Returns the alerts that fire now, with their labels and annotations. */
  public List<JsonNode> firing() {
    return get("/api/v1/alerts")
        .at("/data/alerts")
        .valueStream()
        .filter(alert -> alert.path("state").asText().equals("firing"))
        .toList();
  }

  /** Returns the names of the alerts that fire now. */
  public Set<String> firingNames() {
    Set<String> names = new TreeSet<>();
    firing().forEach(alert -> names.add(alert.at("/labels/alertname").asText()));
    return names;
  }

  /** Waits until it answers. */
  public PrometheusServer awaitReady() {
    Program.await(
        "Prometheus answers; " + program,
        () -> {
          try {
            return send("/-/ready").statusCode() == 200;
          } catch (IOException notYet) {
            return false;
          }
        });
    return this;
  }

  private JsonNode get(String path) {
    try {
      return new ObjectMapper().readTree(send(path).body());
    } catch (IOException e) {
      throw new UncheckedIOException(program.toString(), e);
    }
  }

  private HttpResponse<String> send(String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try {
      return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try (program) {
      program.terminate(STOPS_WITHIN);
    } finally {
      SharedBroker.delete(directory);
    }
  }
}
