package dev.wxphone.stream.runtime;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.stream.store.UnknownFormatException;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.jspecify.annotations.Nullable;

/**
 * Suppresses what Kafka Streams logs, partly with a stack trace, about errors that end the program
 * with one line of its own, and about state that it restores by itself after a crash, which {@link
 * RestoreListener} logs. Named in {@code logback.xml}, for the appender: a filter of all loggers
 * would be asked about each trace of each record.
 */
public final class KafkaStreamsLogFilter extends Filter<ILoggingEvent> {
  private static final String LOCKED = "Unable to obtain lock as state directory is already locked";
  private static final String EXCEPTIONS_OF_TASKS = "Get exceptions for the following tasks";
  private static final String REPLACED =
      "Replacing thread in the streams uncaught exception handler";
  private static final String CLIENTS = "A non-default kafka client supplier was supplied";
  private static final String CORRUPTED = TaskCorruptedException.class.getSimpleName();
  private static final List<String> RECOVERING =
      List.of(
          "Caught fenced group.instance.id",
          "did not find checkpoint offsets while stores are not empty",
          "Encounter corrupted task",
          "are corrupted. Will close the task as dirty and re-create and bootstrap from scratch");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String format = event.getMessage();
    boolean reported =
        (format != null && isReported(format, event.getArgumentArray()))
            || (event.getThrowableProxy() instanceof ThrowableProxy thrown
                && isReported(String.valueOf(format), thrown.getThrowable()));
    return reported ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static boolean isReported(String format, Throwable thrown) {
    return KafkaErrors.isCausedBy(
            thrown,
            UnknownFormatException.class,
            TaskCorruptedException.class,
            FencedInstanceIdException.class)
        // PhoneStream says so, with the class of the exception.
        || (format.contains(REPLACED) && KafkaErrors.isKafkas(thrown));
  }

  // Some of its messages begin with the name of the thread.
  private static boolean isReported(String format, Object @Nullable [] parameters) {
    return format.startsWith(LOCKED)
        // It warns of consumers of our own, and only the producers are.
        || format.contains(CLIENTS)
        || RECOVERING.stream().anyMatch(format::contains)
        || (format.contains(EXCEPTIONS_OF_TASKS) && areCorrupted(format, parameters));
  }

  /** The exceptions are part of the message or parameters of it. */
  private static boolean areCorrupted(String format, Object @Nullable [] parameters) {
    String exceptions = (format + Arrays.toString(parameters)).replace(CORRUPTED, "");
    return !exceptions.contains("Exception");
  }
}
