package dev.wxphone.integration.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Debian's Chromium with one empty page, driven over its DevTools protocol. */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

  private final Path directory = SharedBroker.temporaryDirectory();
  private final Program chromium;
  private final WebSocket socket;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> commands = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  /** Starts Chromium, or skips the test if it is not installed. */
  public static Browser start(Installed installed) {
    installed.requireCommands("chromium");
    return new Browser();
  }

  private Browser() {
    this.chromium =
        Program.command(
            directory,
            // It leaves folders in the temporary directory.
            Map.of("HOME", directory.toString(), "TMPDIR", directory.toString()),
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // A container's /dev/shm is small.
                "--disable-dev-shm-usage",
                "--user-data-dir=" + directory.resolve("profile"),
                "--remote-debugging-port=0",
                "about:blank"));
    this.socket =
        HTTP.newWebSocketBuilder().buildAsync(URI.create(awaitPage()), new Messages()).join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      send(domain + ".enable", Map.of());
    }
  }

  /** Shows a page, and returns when it is loaded. */
  public void open(String url) {
    send("Page.navigate", Map.of("url", url));
    awaitTrue("document.readyState === 'complete' && location.href === " + text(url));
  }

  /** Makes the window so large, in CSS pixels. */
  public void resize(int width, int height, boolean phone) {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", phone));
  }

  /** Sets what pages see as the user's preferred colour scheme, light or dark. */
  public void preferColourScheme(String scheme) {
    send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Halts the page's scripts and timers, as a browser does with a tab of the background. */
  public void freeze(boolean frozen) {
    send("Page.setWebLifecycleState", Map.of("state", frozen ? "frozen" : "active"));
  }

  /** Returns the value of an expression of the page's JavaScript. */
  public JsonNode evaluate(String expression) {
    JsonNode result =
        send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression of the page's JavaScript is true. */
  public void awaitTrue(String expression) {
    Program.await(expression, () -> evaluate(expression).asBoolean());
  }

  /** Returns the text of the element with this id. */
  public String textOf(String id) {
    return evaluate("document.getElementById(" + text(id) + ").textContent").asText();
  }

  /** Writes what the whole page looks like as a PNG. */
  public void screenshot(Path file) {
    JsonNode answer =
        send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    try {
      Files.write(file, Base64.getDecoder().decode(answer.path("data").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the addresses of all requests so far. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Returns what the page's console shows as errors and warnings, and uncaught exceptions. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() {
    try {
      socket.abort();
      chromium.terminate(STOPS_WITHIN);
    } finally {
      chromium.close();
      SharedBroker.delete(directory);
    }
  }

  /** Returns the address of the debugger of the one page. */
  private String awaitPage() {
    Path active = directory.resolve("profile/DevToolsActivePort");
    List<String> found = new ArrayList<>();
    Program.await(
        "Chromium shows a page; " + chromium,
        () -> {
          try {
            // It is there before its lines are.
            String port =
                Files.exists(active) ? Files.readString(active).lines().findFirst().orElse("") : "";
            if (!port.isEmpty()) {
              URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
              String pages =
                  HTTP.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body();
              for (JsonNode page : JSON.readTree(pages)) {
                if (page.path("type").asText().equals("page")) {
                  found.add(page.path("webSocketDebuggerUrl").asText());
                }
              }
            }
            return !found.isEmpty();
          } catch (IOException notYet) {
            return false;
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    return found.get(0);
  }

  private JsonNode send(String method, Map<String, ?> parameters) {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    commands.put(id, answer);
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    command.set("params", JSON.valueToTree(parameters));
    try {
      socket.sendText(command.toString(), true).join();
      JsonNode message = answer.get(Program.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      if (message.has("error")) {
        throw new AssertionError(method + ": " + message.path("error"));
      }
      return message.path("result");
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      throw new AssertionError(method + "; " + chromium, e);
    }
  }

  private void receive(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = commands.remove(message.path("id").asInt());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    JsonNode details = message.path("params");
    switch (message.path("method").asText()) {
      case "Network.requestWillBeSent" -> requests.add(details.at("/request/url").asText());
      case "Runtime.exceptionThrown" -> errors.add(details.toString());
      case "Runtime.consoleAPICalled" -> addUnlessHarmless(details, details.path("type"));
      case "Log.entryAdded" -> addUnlessHarmless(details, details.at("/entry/level"));
      default -> {}
    }
  }

  private void addUnlessHarmless(JsonNode details, JsonNode level) {
    if (List.of("error", "warning", "assert").contains(level.asText())) {
      errors.add(details.toString());
    }
  }

  private static String text(String value) {
    return JSON.getNodeFactory().textNode(value).toString();
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          receive(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        text.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
