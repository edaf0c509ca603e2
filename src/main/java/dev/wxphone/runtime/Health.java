package dev.wxphone.runtime;

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
   * Judges.
   *
   * @param silent seconds since the slowest thread last asked for records; NaN before the first
   *     time
   */
  static Health of(State state, double silent, boolean brokerAnswers) {
    boolean live = !state.hasStartedOrFinishedShuttingDown() && !(silent > STUCK_SECONDS);
    boolean moves = !(silent > SILENT_SECONDS);
    String trouble =
        !moves
            ? String.format(Locale.ROOT, ", no progress for %.0f s", silent)
            : brokerAnswers ? "" : ", no broker answers";
    return new Health(live, live && state == State.RUNNING && trouble.isEmpty(), state + trouble);
  }
}
