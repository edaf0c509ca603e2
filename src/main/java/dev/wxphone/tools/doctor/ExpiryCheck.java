package dev.wxphone.tools.doctor;

import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;

/** Checks whether dead letters that could still become profiles are about to expire. */
final class ExpiryCheck {
  static final String CHECK = "dead letters";

  private ExpiryCheck() {}

  /**
   * Returns the finding.
   *
   * @param expiring number of dead letters that expire
   * @param all false if there may be more
   * @param soon the time within which they expire
   */
  static Finding of(long expiring, boolean all, Duration soon) {
    if (expiring == 0) {
      return all
          ? new Fine(CHECK, "no open one expires within " + Units.time(soon))
          : new Unchecked(
              CHECK,
              "there are too many that expire within %s to see all".formatted(Units.time(soon)),
              "wxphone dead-letters stats counts them");
    }
    return new Wrong(
        CHECK,
        "%s%s %s within %s"
            .formatted(
                all ? "" : "at least ",
                Units.number(expiring),
                expiring == 1 ? "open one expires" : "open ones expire",
                Units.time(soon)),
        "wxphone replay --dry-run tells which would succeed now; replay those, park the rest");
  }
}
