package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.envelope.DeadLetter;
import org.jspecify.annotations.Nullable;

/** How a letter stands today; each is in one of these, the first that fits. */
public enum LetterStatus {
  /** It holds no payload that could be published again. */
  NOT_REPLAYABLE("not-replayable"),
  /** It was replayed already. */
  REPLAYED("replayed"),
  /** Somebody dealt with it otherwise. */
  PARKED("parked"),
  /** Its payload was tried so often that it stays where it is. */
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
   * How a letter stands as far as that can be told without a trial; null where it takes one.
   *
   * @param audit what was done with it last; null where nothing
   */
  static @Nullable LetterStatus untried(
      DeadLetter letter,
      @Nullable AuditRecord audit,
      LetterFilter selection,
      String sessionKeyTopic) {
    if (!letter.isReplayable(sessionKeyTopic)) {
      return NOT_REPLAYABLE;
    }
    if (audit != null && !selection.again()) {
      return audit.action() == AuditRecord.Action.PARKED ? PARKED : REPLAYED;
    }
    return letter.attempt() >= selection.maxAttempts() ? OVER_LIMIT : null;
  }

  /** As a program reads it. */
  public String text() {
    return text;
  }
}
