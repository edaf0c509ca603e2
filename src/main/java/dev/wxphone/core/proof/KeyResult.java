package dev.wxphone.core.proof;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;

/** What one session key makes of a ciphertext. */
sealed interface KeyResult {

  /** The key proves the click. */
  record Success(Profile profile) implements KeyResult {}

  /**
   * The key does not prove the click.
   *
   * @param detail one sentence for an operator
   */
  record Failure(Reason reason, String detail) implements KeyResult {

    /** Returns whether the proof got further here; reasons are declared in its order. */
    boolean furtherThan(Failure other) {
      return reason.compareTo(other.reason) > 0;
    }
  }
}
