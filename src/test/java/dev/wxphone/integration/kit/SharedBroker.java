package dev.wxphone.integration.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A {@code wxphone broker} process, shared by all test classes of a run that take it as a
 * parameter. Each test uses topics of its own.
 */
public final class SharedBroker implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  /** Injects the broker into constructors and methods. */
  public static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(SharedBroker.class))
          .computeIfAbsent(SharedBroker.class);
    }
  }

  private final Path directory = temporaryDirectory();
  private final Program program =
      Program.checkout(
          directory,
          List.of("broker", "--port", "0", "--data-dir", directory.resolve("data") + ""));
  private final String bootstrapServers =
      program.awaitOut(Pattern.compile("^ready (\\S+)$")).group(1);

  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    try (program) {
      program.terminate(STOP_TIMEOUT);
    } finally {
      delete(directory);
    }
  }

  public static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("wxphone-it-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
