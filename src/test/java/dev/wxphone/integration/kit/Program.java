package dev.wxphone.integration.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process and all that it prints. It is killed when the tests end. */
public final class Program implements AutoCloseable {
  /** Much longer than anything takes that comes at all. */
  /** In a soak a broker that was killed has gigabytes to recover. */
  static final Duration TIMEOUT = Duration.ofSeconds(Boolean.getBoolean("wxphone.soak") ? 300 : 90);

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern HEALTH = Pattern.compile("health on http:\\S+:(\\d+)");

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  /** The exit code and all lines of a process that has ended. */
  public record Result(int code, List<String> out, List<String> err) {}

  private final Process process;
  private final OutputLines out;
  private final OutputLines err;

  private Program(Process process) {
    this.process = process;
    ALIVE.add(process);
    out = new OutputLines(process.getInputStream(), "stdout of " + process.pid());
    err = new OutputLines(process.getErrorStream(), "stderr of " + process.pid());
  }

  /** Starts the built jar. */
  public static Program jar(
      Path temporary, Map<String, String> environment, List<String> arguments) {
    String jar = Objects.requireNonNull(System.getProperty("wxphone.jar"), "wxphone.jar");
    return java(temporary, environment, List.of("-jar", jar), arguments);
  }

  /** Starts the checkout as {@code mvn exec:java} does, with the broker's libraries. */
  public static Program checkout(Path temporary, List<String> arguments) {
    return checkout(temporary, Map.of(), "dev.wxphone.Main", arguments);
  }

  /** Starts another main class of the checkout or of the broker's libraries. */
  public static Program checkout(
      Path temporary, Map<String, String> environment, String mainClass, List<String> arguments) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return java(temporary, environment, List.of("-cp", classPath, mainClass), arguments);
  }

  /** Starts any command, without the environment variables that wxphone reads. */
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
                    || name.equals("LOG_LEVEL")
                    || name.equals("LOG_FORMAT"));
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
    // Little memory and quick starts.
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(what);
    command.addAll(arguments);
    Map<String, String> all = new HashMap<>(Map.of("XDG_STATE_HOME", temporary.toString()));
    all.putAll(environment);
    return command(Path.of("").toAbsolutePath(), all, command);
  }

  /** Waits for a line on standard output in which the pattern is found. */
  public Matcher awaitOut(Pattern line) {
    return out.await(line);
  }

  /** Waits for a line on standard error in which the pattern is found. */
  public Matcher awaitErr(Pattern line) {
    return err.await(line);
  }

  private List<String> printed() {
    List<String> all = new ArrayList<>(out.current());
    all.addAll(err.current());
    return all;
  }

  /** Waits until a {@code run} is ready, that is, reads its inputs. */
  public Program awaitReady() {
    awaitWhileAlive("it is ready", () -> get("/ready").statusCode() == 200);
    return this;
  }

  /** Returns the port of a {@code run} for HTTP. */
  public int httpPort() {
    return Integer.parseInt(err.await(HEALTH).group(1));
  }

  /** Returns the address of the page of a {@code run}. */
  public String url() {
    return "http://127.0.0.1:" + httpPort() + "/";
  }

  /** Returns the answer of a {@code run} over HTTP. */
  public HttpResponse<String> get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + httpPort() + path)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(process.isAlive() ? "no answer" : toString(), e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Returns the value of a series of {@code /metrics}, named with its labels; of a name alone the
   * sum of all its series.
   */
  public double metric(String series) {
    List<String> lines =
        get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
            .toList();
    assertThat(lines).as(series).isNotEmpty();
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Waits until a series has reached a value. */
  public void awaitMetric(String series, double atLeast) {
    awaitWhileAlive(series + " is " + atLeast, () -> metric(series) >= atLeast);
  }

  /** Sends SIGTERM, and fails if the process has not ended within this time. */
  public Result terminate(Duration within) {
    process.destroy();
    return awaitExit(within);
  }

  /** Sends SIGKILL and waits for the end. */
  public Result kill() {
    process.destroyForcibly();
    return awaitExit(TIMEOUT);
  }

  /** Sends a signal by its name; STOP halts the process, CONT resumes it. */
  public void signal(String name) {
    Program kill =
        command(
            Path.of("").toAbsolutePath(),
            Map.of(),
            List.of("sh", "-c", "kill -" + name + " " + process.pid()));
    if (kill.awaitExit().code() != 0) {
      throw new AssertionError("kill failed: " + kill);
    }
  }

  public Result awaitExit() {
    return awaitExit(TIMEOUT);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the peak of its resident memory in kilobytes, from /proc; 0 if it has ended. */
  public long peakResidentKilobytes() {
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

  /** Returns the CPU time that all of its threads have used, to 10 ms; zero if it has ended. */
  public Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private Result awaitExit(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("has not ended within " + within + "; " + this);
      }
      ALIVE.remove(process);
      return new Result(process.exitValue(), out.all(), err.all());
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

  private void awaitWhileAlive(String what, BooleanSupplier condition) {
    await(
        what,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("it ended before " + what + "; " + this);
          }
          return condition.getAsBoolean();
        });
  }

  /** Polls a condition until it holds, and fails if it does not within {@link #TIMEOUT}. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + TIMEOUT + ": " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
