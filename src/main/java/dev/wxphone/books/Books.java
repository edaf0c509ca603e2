package dev.wxphone.books;

import dev.wxphone.core.domain.Reason;
import java.util.Map;

/**
 * Counts of payloads and their answers. They balance if each payload was answered or rerouted
 * exactly once, and nothing else was answered.
 *
 * @param payloads records on {@code phone-payload}, rerouted copies among them
 * @param rerouted payloads that were sent on into the partition of their key
 * @param unanswered payloads without an answer
 * @param twice payloads answered or rerouted more than once
 * @param strange answers to payloads that do not exist
 * @param unknownReasons dead letters of payloads with a reason that this version does not know
 * @param forged payloads whose header names a payload that they cannot be copies of; ignored
 * @param example coordinates of a payload that is wrong; empty if none is
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

  /** Returns whether every payload has exactly one answer. */
  public boolean balance() {
    return unanswered == 0 && twice == 0 && strange == 0;
  }

  /** Returns the number of dead letters of payloads. */
  public long allDeadLetters() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum() + unknownReasons;
  }
}
