package dev.wxphone.stream.runtime;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
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
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  /** How one stream ended. */
  private enum End {
    CLOSED,
    OUT_OF_MEMORY,
    FENCED,
    /** It has passed what it was started for. */
    OVER
  }

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

  private final ThreadFailures fences = new ThreadFailures(1);

  /** Of all streams of this process together. */
  private final AnswerCounts counts = new AnswerCounts();

  private volatile boolean ending;
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
              ending = true;
              stop();
              LOG.info("ended");
            });
    try {
      runUntilClosed(settings);
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

  /**
   * Runs the stream until it is closed.
   *
   * @throws OperatorException if it can't go on
   */
  private void runUntilClosed(Settings settings) throws InterruptedException {
    End end = runOnce(settings, PhoneStream.start(settings, start, counts), () -> false);
    while (end != End.CLOSED) {
      if (end == End.OUT_OF_MEMORY) {
        end = recover(settings);
        continue;
      }
      LOG.info(
          end == End.OVER
              ? "what took the memory is passed, so records are read as before"
              : "the place in the group was lost, as when a broker fails, and is taken again");
      end = runOnce(settings, PhoneStream.start(settings, null, counts), () -> false);
    }
  }

  /** Reads one record at a time until those are passed that may have taken the memory. */
  private End recover(Settings settings) throws InterruptedException {
    try (MemoryRecovery recovery = new MemoryRecovery(settings)) {
      recovery.afterDeath(false);
      End end =
          runOnce(settings, PhoneStream.startRecordAtATime(settings, counts), recovery::isOver);
      while (end == End.OUT_OF_MEMORY) {
        recovery.afterDeath(true);
        end = runOnce(settings, PhoneStream.startRecordAtATime(settings, counts), recovery::isOver);
      }
      return end;
    }
  }

  /**
   * Runs one stream until it ends.
   *
   * @param over asked once a second whether to end it
   * @throws OperatorException if it ended, and no other stream may go on
   */
  private End runOnce(Settings settings, PhoneStream started, BooleanSupplier over)
      throws InterruptedException {
    stream = started;
    HealthServer opened =
        settings.httpPort() < 0
            ? null
            : HealthServer.start(started, settings.httpHost(), settings.httpPort());
    health = opened;
    LOG.info("{}", StartLine.of(settings));
    if (opened != null) {
      LOG.info("health on http://{}/ (a page), /ready, /live and /metrics", opened.address());
    }
    try {
      if (!ending && started.awaitRunning(FOREVER)) {
        LOG.info("group {} reads", settings.applicationId());
      }
      while (!ending && !started.awaitEnd(ASK_EVERY)) {
        if (over.getAsBoolean()) {
          stop();
          return End.OVER;
        }
      }
      return End.CLOSED;
    } catch (OperatorException e) {
      PhoneStream.End how = started.end();
      if (how == null || (how == PhoneStream.End.FENCED && isFencedTooOften())) {
        throw e;
      }
      stop();
      return how == PhoneStream.End.FENCED ? End.FENCED : End.OUT_OF_MEMORY;
    }
  }

  /** Two processes of the same place would fence each other without an end. */
  private boolean isFencedTooOften() {
    String cause = PhoneStream.End.FENCED.name();
    fences.count(Duration.ofNanos(System.nanoTime()), cause);
    return fences.tooMany(cause);
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
