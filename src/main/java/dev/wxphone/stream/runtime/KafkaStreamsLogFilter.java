package dev.wxphone.stream.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.wxphone.stream.store.UnknownFormatException;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps back what Kafka Streams logs, partly with a stack trace, of errors that end the program
 * with one line of ours, and of state that it restores by itself after a crash, which {@link
 * RestoreListener} tells. {@code logback.xml} names it.
 */
public final class KafkaStreamsLogFilter extends TurboFilter {
  private static final String LOCKED = "Unable to obtain lock as state directory is already locked";
  private static final String EXCEPTIONS_OF_TASKS = "Get exceptions for the following tasks";
  private static final String CORRUPTED = TaskCorruptedException.class.getSimpleName();
  private static final List<String> RESTORED =
      List.of(
          "did not find checkpoint offsets while stores are not empty",
          "Encounter corrupted task",
          "are corrupted. Will close the task as dirty and re-create and bootstrap from scratch");

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    boolean said =
        (format != null && isSaid(format, parameters)) || (thrown != null && isSaid(thrown));
    return said ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static boolean isSaid(Throwable thrown) {
    return PhoneStream.isCausedBy(thrown, UnknownFormatException.class)
        || PhoneStream.isCausedBy(thrown, TaskCorruptedException.class);
  }

  // Kafka Streams begins its messages with the name of its thread.
  private static boolean isSaid(String format, Object @Nullable [] parameters) {
    return format.startsWith(LOCKED)
        || RESTORED.stream().anyMatch(format::contains)
        || (format.contains(EXCEPTIONS_OF_TASKS) && areCorrupted(format, parameters));
  }

  /** Kafka hands the message over with its parameters in it, or beside it. */
  private static boolean areCorrupted(String format, Object @Nullable [] parameters) {
    String exceptions = (format + Arrays.toString(parameters)).replace(CORRUPTED, "");
    return !exceptions.contains("Exception");
  }
}
