package dev.wxphone.stream.topology;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done every so often by the wall clock. It goes on after it has thrown, as Kafka
 * Streams' own punctuators do not: they are never called again.
 */
final class Punctuation {
  private final ProcessorContext<?, ?> context;
  private final Duration interval;
  private final LongConsumer action;

  private @Nullable Cancellable scheduled;

  /**
   * Creates one that is not scheduled yet.
   *
   * @param action is given the time, in epoch millis
   */
  Punctuation(ProcessorContext<?, ?> context, Duration interval, LongConsumer action) {
    this.context = context;
    this.interval = interval;
    this.action = action;
  }

  /** Schedules it, if it is not. */
  void schedule() {
    if (scheduled == null) {
      scheduled = context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, this::punctuate);
    }
  }

  /** Cancels it, if it is scheduled. */
  void cancel() {
    if (scheduled != null) {
      scheduled.cancel();
      scheduled = null;
    }
  }

  private void punctuate(long now) {
    boolean done = false;
    try {
      action.accept(now);
      done = true;
    } finally {
      if (!done) {
        cancel();
        schedule();
      }
    }
  }
}
