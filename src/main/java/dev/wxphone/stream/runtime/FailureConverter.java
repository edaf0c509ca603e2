package dev.wxphone.stream.runtime;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.wxphone.kafka.KafkaErrors;

/**
 * What a line of the log says of an exception: nothing, if it has none; for one of Kafka's, which
 * comes from elsewhere, its class and message, on the same line; for any other the stack trace,
 * which names the place of a fault. Named in {@code logback-text.xml}.
 */
public final class FailureConverter extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy proxy) {
    if (proxy instanceof ThrowableProxy failure && KafkaErrors.isKafkas(failure.getThrowable())) {
      Throwable root = KafkaErrors.rootCause(failure.getThrowable());
      String message = String.valueOf(root.getMessage()).replaceAll("\\s+", " ");
      return ": " + root.getClass().getSimpleName() + ": " + message;
    }
    return System.lineSeparator() + super.throwableProxyToString(proxy).stripTrailing();
  }
}
