package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process of its own, and all that it prints. It does not outlive the tests. */
public final class Program implements AutoCloseable {
  /** Nothing here takes that long unless it never comes. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern HEALTH = Pattern.compile("health on http://localhost:(\\d+)/");

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  /** What a process left behind. */
  public record Ended(int code, List<String> out, List<String> err) {}

  private final Process process;
  private final Lines out;
  private final Lines err;

  private Program(Process process) {
    this.process = process;
    ALIVE.add(process);
    out = new Lines(process.getInputStream(), "stdout of " + process.pid());
    err = new Lines(process.getErrorStream(), "stderr of " + process.pid());
  }

  /** The built jar. */
  public static Program jar(
      Path temporary, Map<String, String> environment, List<String> arguments) {
    String jar = Objects.requireNonNull(System.getProperty("wxphone.jar"), "wxphone.jar");
    return java(temporary, environment, List.of("-jar", jar), arguments);
  }

  /** The checkout, as {@code mvn exec:java} runs it: with the broker's libraries. */
  public static Program checkout(Path temporary, List<String> arguments) {
    return checkout(temporary, Map.of(), "dev.wxphone.Main", arguments);
  }

  /** Another program of the checkout or of the broker's libraries. */
  public static Program checkout(
      Path temporary, Map<String, String> environment, String mainClass, List<String> arguments) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return java(temporary, environment, List.of("-cp", classPath, mainClass), arguments);
  }

  /** Anything else. */
  public static Program command(
      Path directory, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("KAFKA_")
                    || name.startsWith("WXPHONE_")
                    || name.startsWith("JAVA_TOOL_OPTIONS")
                    || name.equals("LOG_LEVEL"));
    builder.environment().putAll(environment);
    try {
      return new Program(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program java(
      Path temporary, Map<String, String> environment, List<String> what, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A small box, and quick starts.
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(what);
    command.addAll(arguments);
    return command(Path.of("").toAbsolutePath(), environment, command);
  }

  /** Waits for a line on standard output. */
  public Matcher awaitOut(Pattern line) {
    return out.await(line);
  }

  /** Waits for a line on standard error. */
  public Matcher awaitErr(Pattern line) {
    return err.await(line);
  }

  /** All lines so far. */
  List<String> printed() {
    List<String> all = new ArrayList<>(out.soFar());
    all.addAll(err.soFar());
    return all;
  }

  /** Waits until a {@code run} reads its inputs. */
  public Program awaitReady() {
    until("it is ready", () -> get("/ready").statusCode() == 200);
    return this;
  }

  /** What a {@code run} answers over HTTP. */
  public HttpResponse<String> get(String path) {
    String port = err.await(HEALTH).group(1);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(process.isAlive() ? "no answer" : toString(), e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A series of {@code /metrics}, with its labels. */
  public double metric(String series) {
    String start = series + " ";
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until a series has come so far. */
  public void awaitMetric(String series, double atLeast) {
    until(series + " is " + atLeast, () -> metric(series) >= atLeast);
  }

  /** SIGTERM; it has so long to end. */
  public Ended terminate(Duration within) {
    process.destroy();
    return awaitEnd(within);
  }

  /** kill -9. */
  public Ended kill() {
    process.destroyForcibly();
    return awaitEnd(PATIENCE);
  }

  /** A signal by its name; STOP halts it where it is, CONT lets it go on. */
  public void signal(String name) {
    Program kill =
        command(
            Path.of("").toAbsolutePath(),
            Map.of(),
            List.of("sh", "-c", "kill -" + name + " " + process.pid()));
    if (kill.awaitEnd().code() != 0) {
      throw new AssertionError("kill is a " + kill);
    }
  }

  public Ended awaitEnd() {
    return awaitEnd(PATIENCE);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The most memory that it has had resident, as Linux tells it; 0 where it has ended. */
  public long mostKilobytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException ended) {
      return 0;
    }
  }

  private Ended awaitEnd(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it has not ended within " + within + "; " + this);
      }
      ALIVE.remove(process);
      return new Ended(process.exitValue(), out.all(), err.all());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    ALIVE.remove(process);
  }

  @Override
  public String toString() {
    return "process " + process.pid() + ", which printed:\n" + String.join("\n", printed());
  }

  /** Something that comes true. */
  public interface Condition {
    boolean holds();
  }

  private void until(String what, Condition condition) {
    await(
        what,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("it ended before " + what + "; " + this);
          }
          return condition.holds();
        });
  }

  /** Asks again and again, where nothing can be waited for. */
  public static void await(String what, Condition condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it never came true that " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The lines of a stream, read by a thread. */
  private static final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final String name;
    private boolean complete;

    Lines(InputStream stream, String name) {
      this.name = name;
      Thread reader = new Thread(() -> read(stream), name);
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          add(line);
        }
      } catch (IOException e) {
        // The process was killed.
      } finally {
        end();
      }
    }

    private synchronized void add(String line) {
      lines.add(line);
      notifyAll();
    }

    private synchronized void end() {
      complete = true;
      notifyAll();
    }

    synchronized List<String> soFar() {
      return List.copyOf(lines);
    }

    synchronized List<String> all() throws InterruptedException {
      while (!complete) {
        wait();
      }
      return List.copyOf(lines);
    }

    synchronized Matcher await(Pattern wanted) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      int looked = 0;
      while (true) {
        for (; looked < lines.size(); looked++) {
          Matcher matcher = wanted.matcher(lines.get(looked));
          if (matcher.find()) {
            return matcher;
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (complete || left <= 0) {
          throw new AssertionError(
              name + " has no line with " + wanted + ":\n" + String.join("\n", lines));
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
