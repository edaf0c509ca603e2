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
 * Drops the warnings and errors that Kafka logs at the start and stop of a single node though
 * nothing is wrong. Filters by text and exception, since the same loggers also log real problems.
 */
final class BrokerLogFilter extends TurboFilter {
  private static final Map<String, String> TEXT_BY_LOGGER =
      Map.of(
          "org.apache.kafka.controller.QuorumController",
          "Performing controller activation.",
          // Two clients asked for the topic at once, and one was first.
          "org.apache.kafka.server.DefaultAutoTopicCreationManager",
          "Auto topic creation failed",
          "org.apache.kafka.clients.NetworkClient",
          "Attempting to close NetworkClient that has already been closed.",
          // A topic that was made a moment ago.
          "state.change.logger",
          "to exist, but it was missing. Creating");

  private BrokerLogFilter() {}

  /** Installs the filter, once. */
  static synchronized void install() {
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
    // At the start, the broker may ask for a batch again and reject the one after it as out of
    // order. The producer retries both; one that can't reports it itself.
    if (thrown instanceof OutOfOrderSequenceException
        && logger.getName().equals("kafka.server.ReplicaManager")) {
      return FilterReply.DENY;
    }
    if (format != null && level.isGreaterOrEqual(Level.WARN) && thrown == null) {
      var text = TEXT_BY_LOGGER.get(logger.getName());
      if (text != null && format.contains(text)) {
        return FilterReply.DENY;
      }
    }
    return FilterReply.NEUTRAL;
  }
}
