package dev.wxphone.demo.simulator;

import dev.wxphone.core.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One user's visit to the mini-program.
 *
 * @param trouble null if all goes well
 * @param publications the records to publish, in order of time
 * @param deadLetters the expected reason of each payload that becomes a dead letter; the other
 *     payloads become profiles
 */
record Visit(@Nullable Trouble trouble, List<Publication> publications, List<Reason> deadLetters) {
  /** Returns the number of payloads among the publications. */
  long payloads() {
    return publications.stream().filter(p -> p.kind() == Publication.Kind.PAYLOAD).count();
  }
}
