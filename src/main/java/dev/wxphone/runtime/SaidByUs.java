package dev.wxphone.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.wxphone.codec.UnknownFormatException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps back what Kafka Streams logs, partly with a stack trace, of errors that end the program
 * with one line of ours. {@code logback.xml} names it.
 */
public final class SaidByUs extends TurboFilter {
  private static final String LOCKED = "Unable to obtain lock as state directory is already locked";

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    boolean said =
        (format != null && format.startsWith(LOCKED))
            || (thrown != null && PhoneStream.isCausedBy(thrown, UnknownFormatException.class));
    return said ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
