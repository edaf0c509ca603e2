package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code logback.xml} makes of an event. */
final class LogLinesTest {
  private static final String REPLACING =
      "stream-client [wxphone] Replacing thread in the streams uncaught exception handler";

  private final LoggerContext context = new LoggerContext();
  private ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();

  @BeforeEach
  void configure() throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        requireNonNull(LogLinesTest.class.getResource("/logback.xml"), "logback.xml"));
    appender =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  /** Returns what is written after time, level and name; empty for nothing. */
  private String written(String logger, String message, @Nullable Throwable thrown) {
    ILoggingEvent event =
        new LoggingEvent("", context.getLogger(logger), Level.ERROR, message, thrown, null);
    if (appender.getFilterChainDecision(event) == FilterReply.DENY) {
      return "";
    }
    return new String(appender.getEncoder().encode(event), UTF_8).replaceFirst("^\\S+ ERROR ", "");
  }

  @Test
  void an_exception_of_kafka_is_one_line() {
    assertThat(
            written(
                "org.apache.kafka.clients.producer.internals.Sender",
                "no answer",
                new StreamsException("why", new TimeoutException("none\n within 3 s"))))
        .isEqualTo("Sender no answer: TimeoutException: none within 3 s\n");
  }

  @Test
  void a_fault_of_the_program_has_its_stack_trace() {
    assertThat(
            written(
                "org.apache.kafka.streams.KafkaStreams",
                REPLACING,
                new StreamsException("why", new IllegalStateException("broken"))))
        .startsWith("KafkaStreams " + REPLACING + "\n" + StreamsException.class.getName())
        .contains("\tat " + LogLinesTest.class.getName())
        .contains("\nCaused by: java.lang.IllegalStateException: broken\n")
        .doesNotContain("\n\n");
  }

  @Test
  void what_wxphone_says_itself_is_not_said_twice() {
    for (RuntimeException thrown :
        new RuntimeException[] {
          new StreamsException("x", new UnreleasedInstanceIdException("x")),
          new DisconnectException("x")
        }) {
      assertThat(written("org.apache.kafka.streams.KafkaStreams", REPLACING, thrown)).isEmpty();
    }
  }

  @Test
  void a_line_without_an_exception_is_as_it_is() {
    assertThat(written("dev.wxphone.Main", "ends", null)).isEqualTo("Main ends\n");
  }
}
