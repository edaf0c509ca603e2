package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import org.jspecify.annotations.Nullable;

/** The status of a letter: the first of these that applies. */
public enum LetterStatus {
  /** It holds no payload that could be published again, so it cannot be replayed. */
  NOT_REPLAYABLE("not-replayable"),
  /** It was replayed. */
  REPLAYED("replayed"),
  /** It was parked, as dealt with in another way. */
  PARKED("parked"),
  /** Its payload has reached the limit of attempts. */
  OVER_LIMIT("over-limit"),
  /** Replayed now, it would become a profile. */
  WOULD_SUCCEED("would-succeed"),
  /** Replayed now, it would come back. */
  WOULD_FAIL("would-fail");

  private final String text;

  LetterStatus(String text) {
    this.text = text;
  }

  /**
   * Returns the status of a letter, or null if it takes a trial to know.
   *
   * @param audit the last action on it; null if there was none
   */
  static @Nullable LetterStatus withoutTrial(
      DeadLetter letter, @Nullable AuditRecord audit, LetterFilter filter, String sessionKeyTopic) {
    if (!letter.isReplayable(sessionKeyTopic)) {
      return NOT_REPLAYABLE;
    }
    if (audit != null && !filter.again()) {
      return audit.action() == AuditRecord.Action.PARKED ? PARKED : REPLAYED;
    }
    return letter.attempt() >= filter.maxAttempts() ? OVER_LIMIT : null;
  }

  /** Returns the status that a trial leads to. */
  static LetterStatus of(@Nullable Verdict verdict) {
    return verdict instanceof Verdict.Proven ? WOULD_SUCCEED : WOULD_FAIL;
  }

  /** Returns the status as JSON has it. */
  public String text() {
    return text;
  }
}
