package dev.wxphone.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** The rate at which a count grows, over a window of about two seconds. */
final class Rate {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private record Sample(long nanos, long count) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Adds a sample and returns the rate per second up to it; 0 for the first one. */
  double update(long nanos, long count) {
    while (samples.size() > 1 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    samples.addLast(new Sample(nanos, count));
    Sample first = samples.getFirst();
    return nanos == first.nanos() ? 0 : (count - first.count()) * 1e9 / (nanos - first.nanos());
  }
}
