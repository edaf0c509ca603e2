package dev.wxphone.stream.runtime;

import java.util.Locale;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * The health of the stream. Its state is not enough: a stream can be RUNNING for ever and read
 * nothing, as when Kafka's client retries for ever to begin a transaction (KAFKA-20077).
 *
 * @param live false if only a restart helps
 * @param ready whether the stream answers payloads now
 * @param text the state, and what is wrong
 */
record Health(boolean live, boolean ready, String text) {
  /** A commit or a pause of a broker takes seconds; a longer silence needs an operator. */
  private static final double SILENT_SECONDS = 60;

  /** Kafka's default of {@code max.poll.interval.ms}: a thread that works for longer hangs. */
  private static final double STUCK_SECONDS = 300;

  /**
   * What health is judged by, in seconds.
   *
   * @param silent time since the slowest thread last polled; NaN before its first poll
   * @param keysEndUnknown time since the end of the session keys was last determined; 0 while no
   *     payload waits for it
   * @param overdue delay of the answer that is the most overdue; 0 if none is
   * @param brokerAnswered for how long brokers have answered without interruption; NaN while none
   *     does
   */
  record Signs(double silent, double keysEndUnknown, double overdue, double brokerAnswered) {
    /** Without a broker the stream can't progress, and a restart would not help. */
    private double whileAnswered(double seconds) {
      return Math.min(seconds, brokerAnswered);
    }
  }

  static Health of(State state, Signs signs) {
    double silent = signs.whileAnswered(signs.silent());
    double unknown = signs.whileAnswered(signs.keysEndUnknown());
    double overdue = signs.whileAnswered(signs.overdue());
    boolean live = !state.hasStartedOrFinishedShuttingDown() && !(silent > STUCK_SECONDS);
    String trouble = "";
    if (Double.isNaN(signs.brokerAnswered())) {
      trouble = ", no broker answers";
    } else if (silent > SILENT_SECONDS) {
      trouble = seconds(", no progress for", silent);
    } else if (unknown > SILENT_SECONDS) {
      trouble = seconds(", session keys' end not known for", unknown);
    } else if (overdue > SILENT_SECONDS) {
      trouble = seconds(", a payload's answer is overdue by", signs.overdue());
    }
    return new Health(live, live && state == State.RUNNING && trouble.isEmpty(), state + trouble);
  }

  private static String seconds(String text, double seconds) {
    return text + String.format(Locale.ROOT, " %.0f s", seconds);
  }
}
