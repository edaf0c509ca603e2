package dev.wxphone.stream.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** A counter for each constant of an enum. */
final class EnumCounts<E extends Enum<E>> {
  private final Map<E, LongAdder> counters;

  EnumCounts(Class<E> type) {
    counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(constant, new LongAdder());
    }
  }

  void increment(E constant) {
    counter(constant).increment();
  }

  long of(E constant) {
    return counter(constant).sum();
  }

  /** Returns the sum of all. */
  long sum() {
    return counters.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private LongAdder counter(E constant) {
    return Objects.requireNonNull(counters.get(constant));
  }
}
