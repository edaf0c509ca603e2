package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.demo.simulator.Publication.Kind;
import dev.wxphone.schemas.Schemas;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Records of the simulator are valid, except those that are meant to be malformed. */
class SimulatorSchemasTest {
  private static final long NOW = 1_769_847_330_000L;
  private static final Schemas PAYLOAD = Schemas.of("phone-payload");
  private static final Schemas LOGIN = Schemas.of("session-key");

  @Test
  void every_record_is_valid_but_those_that_are_no_json_of_their_own() {
    Simulator simulator = new Simulator(1);
    Set<Trouble> played = EnumSet.noneOf(Trouble.class);
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (long at = NOW; played.size() < Trouble.values().length; at += 10) {
      Visit visit = simulator.next(at, 2);
      if (visit.trouble() != null) {
        played.add(visit.trouble());
      }
      for (Publication record : visit.publications()) {
        kinds.add(record.kind());
        boolean noJson =
            record.kind() == Kind.PAYLOAD
                && (visit.trouble() == Trouble.CUT_JSON
                    || visit.trouble() == Trouble.WRAPPED_VALUE);
        if (noJson || new String(record.value(), UTF_8).equals("null")) {
          continue;
        }
        Schemas schema = record.kind() == Kind.PAYLOAD ? PAYLOAD : LOGIN;
        assertThat(schema.errors(record.value()))
            .as("%s: %s", visit.trouble(), new String(record.value(), UTF_8))
            .isEmpty();
      }
    }
    assertThat(kinds).hasSize(2);
  }
}
