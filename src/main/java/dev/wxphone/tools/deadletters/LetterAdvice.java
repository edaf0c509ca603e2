package dev.wxphone.tools.deadletters;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterHistory;
import java.util.List;

/** What to do about a letter, in sentences and the commands to run. */
final class LetterAdvice {
  private LetterAdvice() {}

  static List<String> of(AssessedLetter assessed, LetterHistory history) {
    AuditRecord audit = assessed.audit();
    if (audit != null) {
      return List.of(
          audit.action() == AuditRecord.Action.PARKED
              ? "Nothing: it was parked."
              : afterReplay(history.answers()));
    }
    DeadLetter letter = assessed.letter();
    return switch (assessed.status()) {
      case WOULD_SUCCEED ->
          List.of(
              "Replay it: it would become a profile now.", "wxphone replay --id " + letter.id());
      case WOULD_FAIL -> wouldFail(assessed);
      case OVER_LIMIT ->
          List.of(
              "Nothing by itself: its payload was tried %d times. To try it all the same:"
                  .formatted(letter.attempt()),
              "wxphone replay --all --id %s --max-attempts %d"
                  .formatted(letter.id(), letter.attempt() + 1));
      case NOT_REPLAYABLE ->
          List.of(
              (letter.withheld() >= 0 ? "Its value is not here" : "It is no payload")
                  + ", so it can't be replayed: publish the record again, rightly.");
      case REPLAYED, PARKED -> List.of("Nothing.");
    };
  }

  private static String afterReplay(List<LetterHistory.Answer> answers) {
    DeadLetterId back = answers.isEmpty() ? null : answers.get(answers.size() - 1).letter();
    return back == null ? "Nothing: it was replayed." : "See letter " + back + ".";
  }

  private static List<String> wouldFail(AssessedLetter assessed) {
    DeadLetter letter = assessed.letter();
    String park = "wxphone park " + letter.id();
    return switch (letter.recovery()) {
      case REPLAY -> {
        if (assessed.verdict() instanceof Verdict.Refused refused
            && refused.reason() != letter.reason()) {
          yield List.of(
              "A replay now would fail with " + refused.reason() + ": " + refused.detail(), park);
        }
        boolean needsKey =
            letter.reason() == Reason.SESSION_KEY_MISSING
                || letter.reason() == Reason.SESSION_KEY_STALE;
        yield List.of(
            needsKey
                ? "Publish the login of this click, then replay. If its wx.login code is older"
                    + " than 5 minutes and was never exchanged, ask the user for a new click and"
                    + " park this letter."
                : "A replay now would fail in the same way; park it, or repair the cause first.",
            park);
      }
      case CLICK_AGAIN ->
          List.of(
              letter.reason() == Reason.PHONE_NOT_BOUND
                  ? "Ask the user to bind or verify a phone number in WeChat, and for a new click"
                      + " then."
                  : "Ask the user for a new click.");
      case NEVER ->
          List.of(
              letter.reason() == Reason.CODE_ONLY
                  ? "Exchange its code at WeChat, at most 5 minutes after the click; later than that"
                      + " ask the user for a new click. No replay helps this letter."
                  : "No replay helps this letter. If something can be repaired, Why says what.");
    };
  }
}
