package dev.wxphone.stream.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** A counter for each constant of an enum. */
final class EnumCounts<E extends Enum<E>> {
  private final LongAdder[] counters;

  EnumCounts(Class<E> type) {
    counters = new LongAdder[type.getEnumConstants().length];
    Arrays.setAll(counters, constant -> new LongAdder());
  }

  void increment(E constant) {
    counters[constant.ordinal()].increment();
  }

  long of(E constant) {
    return counters[constant.ordinal()].sum();
  }

  /** Returns the sum of all. */
  long sum() {
    return Arrays.stream(counters).mapToLong(LongAdder::sum).sum();
  }
}
