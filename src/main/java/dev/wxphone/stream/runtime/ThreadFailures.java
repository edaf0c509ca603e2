package dev.wxphone.stream.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts failures of stream threads and decides when replacing threads no longer helps. A failure
 * once a month is no reason to end, nor is one event that ends all threads at once; repeated
 * failures of the same cause are, and so are failures of many causes.
 */
final class ThreadFailures {
  /** How often one cause may occur within the window. */
  static final int MAX_OF_ONE_CAUSE = 5;

  /** How often all causes together may occur within the window. */
  static final int MAX_OF_ALL_CAUSES = 20;

  static final Duration WINDOW = Duration.ofMinutes(10);

  /** Threads notice one event, such as a broker's failure, one after the other. */
  private static final Duration EVENT = Duration.ofSeconds(5);

  private static final class Event {
    final Duration at;
    final String cause;
    int failures = 1;

    Event(Duration at, String cause) {
      this.at = at;
      this.cause = cause;
    }
  }

  private final int threads;
  private final Deque<Event> events = new ArrayDeque<>();

  /**
   * Creates a counter without failures.
   *
   * @param threads number of threads, each of which one event can end once: the failure of a
   *     replacement is another event
   */
  ThreadFailures(int threads) {
    this.threads = threads;
  }

  /**
   * Counts a failure.
   *
   * @param at time of a monotonic clock
   * @return how often this cause has occurred within the window
   */
  synchronized int count(Duration at, String cause) {
    events.removeIf(event -> event.at.plus(WINDOW).compareTo(at) < 0);
    for (Event event : events) {
      if (event.cause.equals(cause)
          && event.failures < threads
          && event.at.plus(EVENT).compareTo(at) >= 0) {
        event.failures++;
        return count(cause);
      }
    }
    events.add(new Event(at, cause));
    return count(cause);
  }

  /** Returns whether one cause or all together occurred too often. */
  synchronized boolean tooMany(String cause) {
    return count(cause) > MAX_OF_ONE_CAUSE || events.size() > MAX_OF_ALL_CAUSES;
  }

  private int count(String cause) {
    return (int) events.stream().filter(event -> event.cause.equals(cause)).count();
  }
}
