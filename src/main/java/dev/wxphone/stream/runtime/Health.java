package dev.wxphone.stream.runtime;

import java.util.Locale;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * The health of the stream. Its state is not enough: a stream can be RUNNING for ever and read
 * nothing, as when Kafka's client retries for ever to begin a transaction (KAFKA-20077).
 *
 * @param live false if only a restart helps
 * @param ready whether the stream answers payloads now
 * @param text the state, and what is going on or wrong
 */
record Health(boolean live, boolean ready, String text) {
  /** A commit or a pause of a broker takes seconds; a longer silence needs an operator. */
  private static final double SILENT_SECONDS = 60;

  /**
   * What health is judged by. Times are in seconds.
   *
   * @param threads how many stream threads live
   * @param maxPoll {@code max.poll.interval.ms}: a thread that works for longer hangs, and its
   *     group gives it up
   * @param silent time since the slowest thread last polled; NaN before its first poll
   * @param keysEndUnknown time since the end of the session keys was last determined; 0 while no
   *     payload waits for it
   * @param overdue delay of the answer that is the most overdue; 0 if none is
   * @param broker whether brokers answer, and for how long
   * @param restored which share of the state is restored, from 0 to 1; NaN if none is to be
   */
  record Signs(
      int threads,
      double maxPoll,
      double silent,
      double keysEndUnknown,
      double overdue,
      BrokerWatch.Contact broker,
      double restored) {

    /** Without a broker the stream can't progress, and a restart would not help. */
    private double whileAnswered(double seconds) {
      return broker.answers() ? Math.min(seconds, broker.seconds()) : Double.NaN;
    }
  }

  static Health of(State state, Signs signs) {
    double silent = signs.whileAnswered(signs.silent());
    boolean live = signs.threads() > 0 && !(silent > signs.maxPoll());
    String trouble = trouble(signs, silent);
    String doing =
        state == State.REBALANCING && !Double.isNaN(signs.restored())
            ? ", restoring " + (int) (100 * signs.restored()) + " %"
            : "";
    return new Health(
        live, live && state == State.RUNNING && trouble.isEmpty(), state + doing + trouble);
  }

  private static String trouble(Signs signs, double silent) {
    double unknown = signs.whileAnswered(signs.keysEndUnknown());
    double overdue = signs.whileAnswered(signs.overdue());
    if (signs.threads() == 0) {
      return ", no stream thread lives";
    }
    if (!signs.broker().answers()) {
      return seconds(", no broker answers for", signs.broker().seconds());
    }
    if (silent > SILENT_SECONDS) {
      return seconds(", no progress for", silent);
    }
    if (unknown > SILENT_SECONDS) {
      return seconds(", session keys' end not known for", unknown);
    }
    return overdue > SILENT_SECONDS
        ? seconds(", a payload's answer is overdue by", signs.overdue())
        : "";
  }

  private static String seconds(String text, double seconds) {
    return text + String.format(Locale.ROOT, " %.0f s", seconds);
  }
}
