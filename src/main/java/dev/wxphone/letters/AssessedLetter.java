package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Recovery;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * A letter and how it stands.
 *
 * @param verdict what the processor would say of its payload now; null where nobody asked
 * @param audit what was done with it last; null where nothing
 */
public record AssessedLetter(
    DeadLetter letter,
    LetterStatus standing,
    @Nullable Verdict verdict,
    @Nullable AuditRecord audit) {

  /** Whether it is of those for which a replay is the way back. */
  public boolean isHelpedByReplay() {
    return letter.recovery() == Recovery.REPLAY;
  }

  /** Open means: a replay is what it waits for, and nobody dealt with it. */
  public boolean isOpen() {
    return isOpen(letter, audit);
  }

  /** The same of a letter that was not tried. */
  public static boolean isOpen(DeadLetter letter, @Nullable AuditRecord audit) {
    return letter.recovery() == Recovery.REPLAY && audit == null;
  }
}
