package dev.wxphone.stream.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When threads die too often for a replacement to help. What happens once a month is no reason to
 * end, nor is one event that takes all threads at once; the same cause again and again is, and so
 * is one cause after the other.
 */
final class ThreadFailures {
  /** How often one cause may strike within the window. */
  static final int OF_ONE_CAUSE = 5;

  /** How often all causes together may strike within the window. */
  static final int OF_ALL_CAUSES = 20;

  static final Duration WINDOW = Duration.ofMinutes(10);

  /** Threads that one event kills find out about it one after the other. */
  private static final Duration ONE_EVENT = Duration.ofSeconds(5);

  private static final class Event {
    final Duration at;
    final String cause;
    int deaths = 1;

    Event(Duration at, String cause) {
      this.at = at;
      this.cause = cause;
    }
  }

  private final int threads;
  private final Deque<Event> events = new ArrayDeque<>();

  /**
   * Counts the deaths of so many threads. One event kills each of them once at most: a thread that
   * dies in its predecessor's place has died of another one.
   */
  ThreadFailures(int threads) {
    this.threads = threads;
  }

  /**
   * Counts a death.
   *
   * @param at by a clock that is never set
   * @return how often this cause has struck within the window
   */
  synchronized int count(Duration at, String cause) {
    events.removeIf(event -> event.at.plus(WINDOW).compareTo(at) < 0);
    for (Event event : events) {
      if (event.cause.equals(cause)
          && event.deaths < threads
          && event.at.plus(ONE_EVENT).compareTo(at) >= 0) {
        event.deaths++;
        return of(cause);
      }
    }
    events.add(new Event(at, cause));
    return of(cause);
  }

  /** Whether it is time to give up, by what has been counted. */
  synchronized boolean tooMany(String cause) {
    return of(cause) > OF_ONE_CAUSE || events.size() > OF_ALL_CAUSES;
  }

  private int of(String cause) {
    return (int) events.stream().filter(event -> event.cause.equals(cause)).count();
  }
}
