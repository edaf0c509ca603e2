package dev.wxphone.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How fast a count grows, over the last two seconds or so. */
final class Rate {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(2);

  private record Look(long nanos, long count) {}

  private final Deque<Look> looks = new ArrayDeque<>();

  /** The pace up to this look; 0 at the first one. */
  double perSecond(long nanos, long count) {
    while (looks.size() > 1 && nanos - looks.getFirst().nanos() > WINDOW) {
      looks.removeFirst();
    }
    looks.addLast(new Look(nanos, count));
    Look first = looks.getFirst();
    return nanos == first.nanos() ? 0 : (count - first.count()) * 1e9 / (nanos - first.nanos());
  }
}
