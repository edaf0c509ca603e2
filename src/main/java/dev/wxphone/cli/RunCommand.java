package dev.wxphone.cli;

import dev.wxphone.runtime.HealthServer;
import dev.wxphone.runtime.KafkaProperties;
import dev.wxphone.runtime.PhoneStream;
import dev.wxphone.runtime.StartAt;
import dev.wxphone.settings.Settings;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The stream processor, until SIGTERM. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs the stream processor until SIGTERM or Ctrl-C, which lose nothing and keep its place in"
            + " the group.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--start",
      paramLabel = "earliest|latest",
      converter = StartAtConverter.class,
      description =
          "Where to begin if the group has no offsets: with every payload the topic holds, or with"
              + " new ones only. Needed only where answers exist already.")
  private @Nullable StartAt start;

  @Option(
      names = "--leave",
      description = "At the end, give up the place in the group, so that others take over at once.")
  private boolean leave;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = kafka.settings();
    PhoneStream stream = PhoneStream.start(settings, start);
    HealthServer health = null;
    try {
      if (settings.httpPort() >= 0) {
        health = HealthServer.start(stream, settings.httpPort());
        LOG.info("health on http://localhost:{}/ready, /live and /metrics", health.port());
      }
    } catch (RuntimeException e) {
      stream.close(leave);
      throw e;
    }
    HealthServer opened = health;
    Ending ending =
        Ending.doing(
            () -> {
              LOG.info("ending");
              end(stream, opened);
              LOG.info("ended");
            });
    LOG.info(
        "group {} is starting, its state in {}",
        settings.applicationId(),
        new KafkaProperties(settings).stateDirectory());
    try {
      stream.awaitEnd();
    } finally {
      if (ending.byItself()) {
        end(stream, opened);
      } else {
        // The hook is at it, and ends the JVM when it is done.
        Thread.currentThread().join();
      }
    }
    return 0;
  }

  private void end(PhoneStream stream, @Nullable HealthServer health) {
    stream.close(leave);
    if (health != null) {
      health.close();
    }
  }

  static final class StartAtConverter implements ITypeConverter<StartAt> {
    @Override
    public StartAt convert(String value) {
      try {
        return StartAt.valueOf(value.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("takes earliest or latest");
      }
    }
  }
}
