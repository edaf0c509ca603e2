package dev.wxphone.stream.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;

/**
 * How long clicks take to their answers, and commits themselves. An answer is there for others only
 * when it is committed, so a stream thread collects the clicks that it answers, and observes them
 * when its transaction is committed. All methods but {@link #register} act for the calling thread.
 */
public final class CommitTimes {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final Histogram latency =
      Histogram.builder()
          .name("wxphone_answer_latency_seconds")
          .help("Seconds from the timestamp of a click's record to its committed answer.")
          .classicOnly()
          .classicUpperBounds(.05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30, 60, 300)
          .withoutExemplars()
          .build();

  private final Summary duration =
      Summary.builder()
          .name("wxphone_commit_duration_seconds")
          .help("Seconds for which a commit blocks its thread.")
          .withoutExemplars()
          .build();

  private final ThreadLocal<Uncommitted> uncommitted = ThreadLocal.withInitial(Uncommitted::new);

  /** What a thread has answered since its last commit. */
  private static final class Uncommitted {
    private long[] clicks = new long[1024];
    private int count;
    private long spentNanos;

    void add(long click) {
      if (count == clicks.length) {
        clicks = Arrays.copyOf(clicks, 2 * count);
      }
      clicks[count++] = click;
    }

    void clear() {
      count = 0;
      spentNanos = 0;
    }
  }

  /**
   * Adds the answer to a click, not committed yet.
   *
   * @param click milliseconds since 1970
   */
  public void answered(long click) {
    uncommitted.get().add(click);
  }

  /** Adds time that a part of the commit to come has taken, in nanoseconds. */
  public void spent(long nanos) {
    uncommitted.get().spentNanos += nanos;
  }

  /** Returns whether an answer is not committed yet. */
  public boolean isAnyUncommitted() {
    return uncommitted.get().count > 0;
  }

  /**
   * Observes what was added, since it is committed.
   *
   * @param now milliseconds since 1970
   */
  public void committed(long now) {
    Uncommitted done = uncommitted.get();
    for (int i = 0; i < done.count; i++) {
      // A publisher's clock may be ahead.
      latency.observe(Math.max(0, now - done.clicks[i]) / MILLIS);
    }
    duration.observe(done.spentNanos / NANOS);
    done.clear();
  }

  /** Drops what was added, since it will not be committed. */
  public void aborted() {
    uncommitted.get().clear();
  }

  void register(PrometheusRegistry registry) {
    registry.register(latency);
    registry.register(duration);
  }
}
