package dev.wxphone.core.books;

import dev.wxphone.core.domain.Reason;
import java.util.Map;

/**
 * What the topics show of a number of payloads. They balance where each payload was answered or
 * sent on exactly once, and nothing else was answered.
 *
 * @param payloads records on {@code phone-payload}, rerouted copies among them
 * @param rerouted payloads that were sent on into their right partition
 * @param unanswered payloads without an answer
 * @param twice payloads answered or sent on more than once
 * @param strange answers to what is not on {@code phone-payload}
 * @param unknownReasons dead letters of payloads with a reason that this version does not know
 * @param forged payloads whose header names a payload that they can't be copies of; not believed
 * @param example coordinates of one that is wrong; empty where none is
 */
public record Books(
    long payloads,
    long profiles,
    Map<Reason, Long> deadLetters,
    long rerouted,
    long unanswered,
    long twice,
    long strange,
    long unknownReasons,
    long forged,
    String example) {

  /** Whether every payload has exactly one answer. */
  public boolean balance() {
    return unanswered == 0 && twice == 0 && strange == 0;
  }

  /** Dead letters of payloads, of all reasons. */
  public long allDeadLetters() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum() + unknownReasons;
  }
}
