package dev.wxphone.demo.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Keeps back what Kafka logs at the start and stop of a single node though nothing is wrong, which
 * would teach people to overlook warnings. By text and exception, since the same loggers also say
 * what matters.
 */
final class BrokerLogFilter extends TurboFilter {
  private static final Map<String, String> TEXT_BY_LOGGER =
      Map.of(
          "org.apache.kafka.controller.QuorumController",
          "Performing controller activation.",
          // Two clients asked for it at once, and one was first.
          "kafka.server.DefaultAutoTopicCreationManager",
          "Auto topic creation failed",
          "org.apache.kafka.clients.NetworkClient",
          "Attempting to close NetworkClient that has already been closed.");

  private BrokerLogFilter() {}

  static synchronized void keepBack() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback
        && logback.getTurboFilterList().stream().noneMatch(BrokerLogFilter.class::isInstance)) {
      logback.addTurboFilter(new BrokerLogFilter());
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    // At the start, a batch may be told to come again and the one behind it to come after it; both
    // do, and a producer that can't would say so itself.
    if (thrown instanceof OutOfOrderSequenceException
        && logger.getName().equals("kafka.server.ReplicaManager")) {
      return FilterReply.DENY;
    }
    if (format != null && level == Level.WARN && thrown == null) {
      var text = TEXT_BY_LOGGER.get(logger.getName());
      if (text != null && format.contains(text)) {
        return FilterReply.DENY;
      }
    }
    return FilterReply.NEUTRAL;
  }
}
