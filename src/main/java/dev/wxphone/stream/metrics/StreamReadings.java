package dev.wxphone.stream.metrics;

import java.util.List;
import java.util.Map;

/**
 * What a stream shows of itself at one instant.
 *
 * @param ready whether it answers payloads now
 * @param threads number of stream threads by each of the {@link #THREAD_STATES}
 * @param brokerAway for how many seconds no broker has answered; 0 while one does
 * @param restoreRemaining records of changelogs that are still to be restored
 * @param kafka the metrics of Kafka Streams and its clients
 */
public record StreamReadings(
    boolean ready,
    Map<String, Integer> threads,
    double brokerAway,
    long restoreRemaining,
    KafkaReadings kafka) {

  /** The state of a stream thread that has ended. */
  public static final String DEAD = "DEAD";

  /** The states of a stream thread; Kafka Streams gives them as text alone. */
  public static final List<String> THREAD_STATES =
      List.of(
          "CREATED",
          "STARTING",
          "PARTITIONS_REVOKED",
          "PARTITIONS_ASSIGNED",
          "RUNNING",
          "PENDING_SHUTDOWN",
          DEAD);
}
