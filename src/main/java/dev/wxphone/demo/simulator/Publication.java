package dev.wxphone.demo.simulator;

import org.jspecify.annotations.Nullable;

/**
 * A record that a backend publishes.
 *
 * @param atMillis milliseconds from the beginning of the visit
 * @param misplaced whether its client has another partitioner than Kafka's Java client
 */
record Publication(
    Kind kind, long atMillis, byte @Nullable [] key, byte[] value, boolean misplaced) {

  /** The topic of a record. */
  enum Kind {
    PAYLOAD,
    SESSION_KEY
  }

  /** Omits the content, which holds session keys. */
  @Override
  public String toString() {
    return "Publication[" + kind + ", at=" + atMillis + "]";
  }
}
