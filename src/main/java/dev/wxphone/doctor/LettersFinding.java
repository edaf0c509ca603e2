package dev.wxphone.doctor;

import dev.wxphone.doctor.Finding.Fine;
import dev.wxphone.doctor.Finding.Unchecked;
import dev.wxphone.doctor.Finding.Wrong;
import java.time.Duration;

/** Whether letters that could still become profiles are about to be dropped. */
final class LettersFinding {
  static final String CHECK = "dead letters";

  private LettersFinding() {}

  /**
   * What it means that so many expire within this time.
   *
   * @param all false where there are more that were not looked at
   */
  static Finding of(long expiring, boolean all, Duration soon) {
    if (expiring == 0) {
      return all
          ? new Fine(CHECK, "no open one expires within " + Told.time(soon))
          : new Unchecked(
              CHECK,
              "there are too many that expire within %s to see all".formatted(Told.time(soon)),
              "wxphone dead-letters stats counts them");
    }
    return new Wrong(
        CHECK,
        "%s%s %s within %s"
            .formatted(
                all ? "" : "at least ",
                Told.number(expiring),
                expiring == 1 ? "open one expires" : "open ones expire",
                Told.time(soon)),
        "wxphone replay --dry-run tells which would succeed now; replay those, park the rest");
  }
}
