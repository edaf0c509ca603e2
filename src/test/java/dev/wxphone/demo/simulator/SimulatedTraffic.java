package dev.wxphone.demo.simulator;

import dev.wxphone.core.domain.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's traffic without a clock or a broker, for tests of any package.
 *
 * @param payloads the payloads in order of time
 * @param sessionKeys the session keys in order of time
 * @param letters the expected dead letters by reason; the other payloads become profiles
 */
public record SimulatedTraffic(
    List<Published> payloads, List<Published> sessionKeys, Map<Reason, Long> letters) {

  /** A published record. */
  public record Published(long atMillis, byte @Nullable [] key, byte[] value) {}

  /** Plays this many visits, one every {@code intervalMillis}. */
  public static SimulatedTraffic of(
      Simulator simulator, long startMillis, int visits, long intervalMillis) {
    List<Published> payloads = new ArrayList<>();
    List<Published> sessionKeys = new ArrayList<>();
    Map<Reason, Long> letters = new EnumMap<>(Reason.class);
    for (int i = 0; i < visits; i++) {
      long at = startMillis + i * intervalMillis;
      Visit visit = simulator.next(at, 2);
      for (Publication record : visit.publications()) {
        (record.kind() == Publication.Kind.PAYLOAD ? payloads : sessionKeys)
            .add(new Published(at + record.atMillis(), record.key(), record.value()));
      }
      visit.deadLetters().forEach(reason -> letters.merge(reason, 1L, Long::sum));
    }
    payloads.sort(Comparator.comparingLong(Published::atMillis));
    sessionKeys.sort(Comparator.comparingLong(Published::atMillis));
    return new SimulatedTraffic(payloads, sessionKeys, letters);
  }
}
