package dev.wxphone.demo.simulator;

import org.jspecify.annotations.Nullable;

/**
 * One record that a backend publishes.
 *
 * @param atMillis when, after the user's visit begins
 * @param misplaced true where it goes through a client with another partitioner
 */
record Publication(
    Kind kind, long atMillis, byte @Nullable [] key, byte[] value, boolean misplaced) {

  /** Onto which topic. */
  enum Kind {
    PAYLOAD,
    SESSION_KEY
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "Publication[" + kind + ", at=" + atMillis + "]";
  }
}
