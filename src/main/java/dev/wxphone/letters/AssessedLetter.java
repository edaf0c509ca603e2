package dev.wxphone.letters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Recovery;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.operator.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * A letter and its status.
 *
 * @param verdict what the processor would answer to its payload now; null if it was not tried
 * @param audit the last action on it; null if there was none
 */
public record AssessedLetter(
    DeadLetter letter,
    LetterStatus status,
    @Nullable Verdict verdict,
    @Nullable AuditRecord audit) {

  /** Returns whether its recovery is a replay. */
  public boolean isHelpedByReplay() {
    return letter.recovery() == Recovery.REPLAY;
  }

  /** Returns whether it is open: its recovery is a replay, and it was not replayed or parked. */
  public boolean isOpen() {
    return isOpen(letter, audit);
  }

  /** Returns whether a letter is open that was not assessed. */
  public static boolean isOpen(DeadLetter letter, @Nullable AuditRecord audit) {
    return letter.recovery() == Recovery.REPLAY && audit == null;
  }

  /** Returns the key of the record as text to print, which is an openid unless that is wrong. */
  public String printableOpenid() {
    byte[] key = letter.key();
    return key != null && key.length == 0 ? "(empty)" : SafeText.excerpt(key);
  }
}
