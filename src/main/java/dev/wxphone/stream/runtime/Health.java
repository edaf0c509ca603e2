package dev.wxphone.stream.runtime;

import java.util.Locale;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * How the stream is. A state is not enough: a stream can be RUNNING for ever and read nothing, as
 * with a transaction that Kafka's client tries for ever to begin (KAFKA-20077).
 *
 * @param live false where only a new start helps
 * @param ready whether it answers payloads now
 * @param text the state, and what is wrong
 */
record Health(boolean live, boolean ready, String text) {
  /** A commit or a pause of the broker takes seconds; after this, somebody should look. */
  private static final double SILENT_SECONDS = 60;

  /**
   * A poll takes up to {@code max.poll.interval.ms} of work; a thread that took this long hangs.
   */
  private static final double STUCK_SECONDS = 300;

  /**
   * What health is judged by, in seconds.
   *
   * @param silent since the slowest thread last asked for records; NaN before the first time
   * @param keysEndUnknown since it was last found out where the session keys end; 0 while nobody
   *     has to know
   * @param overdue of the payload that should have been answered first; 0 where none is
   * @param brokerAnswered for how long a broker has answered without interruption; NaN while none
   *     does
   */
  record Signs(double silent, double keysEndUnknown, double overdue, double brokerAnswered) {
    /** While no broker answers nothing can go on, and a new start would change nothing. */
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
