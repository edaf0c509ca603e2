package dev.wxphone.stream.runtime;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.settings.Settings;
import java.time.Duration;
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

/** Runs the stream processor until SIGTERM. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs the stream processor until SIGTERM or Ctrl-C, which lose nothing and keep its place in"
            + " the group.")
public final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private static final Duration FOREVER = Duration.ofDays(10_000);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--start",
      paramLabel = "earliest|latest",
      converter = StartPositionConverter.class,
      description =
          "Where to begin if the group has no offsets: with every payload the topic holds, or with"
              + " new ones only. Needed only where answers exist already.")
  private @Nullable StartPosition start;

  @Option(
      names = "--leave",
      description = "At the end, give up the place in the group, so that others take over at once.")
  private boolean leave;

  private volatile @Nullable PhoneStream stream;
  private volatile @Nullable HealthServer health;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = kafka.settings();
    // Before the checks, which take seconds and can be interrupted, too.
    Shutdown shutdown =
        Shutdown.hook(
            () -> {
              LOG.info("ending");
              stop();
              LOG.info("ended");
            });
    try {
      PhoneStream started = PhoneStream.start(settings, start);
      stream = started;
      if (settings.httpPort() >= 0) {
        HealthServer opened = HealthServer.start(started, settings.httpHost(), settings.httpPort());
        health = opened;
        LOG.info("health on http://{}/ready, /live and /metrics", opened.address());
      }
      LOG.info(
          "group {} is starting, its state in {}",
          settings.applicationId(),
          new StreamProperties(settings).stateDirectory().path());
      if (started.awaitRunning(FOREVER)) {
        LOG.info("group {} reads", settings.applicationId());
      }
      started.awaitEnd();
      return 0;
    } finally {
      if (shutdown.complete()) {
        stop();
      } else {
        // The shutdown hook is running, and ends the JVM when it is done.
        Thread.currentThread().join();
      }
    }
  }

  private void stop() {
    PhoneStream started = stream;
    if (started != null) {
      started.close(leave);
    }
    HealthServer opened = health;
    if (opened != null) {
      opened.close();
    }
  }

  static final class StartPositionConverter implements ITypeConverter<StartPosition> {
    @Override
    public StartPosition convert(String value) {
      try {
        return StartPosition.valueOf(value.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("takes earliest or latest");
      }
    }
  }
}
