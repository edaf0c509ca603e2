package dev.wxphone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.demo.Publication.Kind;
import dev.wxphone.domain.Reason;
import dev.wxphone.schemas.Schemas;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the simulated backends publish is what the schemas say, but where it is meant not to be. */
class SimulatorSchemasTest {
  private static final long NOW = 1_769_847_330;
  private static final Schemas PAYLOAD = Schemas.of("phone-payload");
  private static final Schemas LOGIN = Schemas.of("session-key");

  @Test
  void every_record_is_valid_but_those_of_cut_json() {
    Simulator simulator = new Simulator(1);
    Map<Scenario, Integer> played = new EnumMap<>(Scenario.class);
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    while (played.size() < Scenario.values().length) {
      Simulator.Visit visit = simulator.next(NOW);
      played.merge(visit.scenario(), 1, Integer::sum);
      for (Publication record : visit.publications()) {
        kinds.add(record.kind());
        boolean malformed =
            visit.scenario().reason() == Reason.MALFORMED_PAYLOAD && record.kind() == Kind.PAYLOAD;
        if (!malformed) {
          Schemas schema = record.kind() == Kind.PAYLOAD ? PAYLOAD : LOGIN;
          assertThat(schema.errors(record.value()))
              .as("%s: %s", visit.scenario(), new String(record.value(), UTF_8))
              .isEmpty();
        }
      }
    }
    assertThat(kinds).hasSize(2);
  }
}
