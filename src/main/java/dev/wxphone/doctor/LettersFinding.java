package dev.wxphone.doctor;

import dev.wxphone.doctor.Finding.Fine;
import dev.wxphone.doctor.Finding.Wrong;
import java.time.Duration;

/** Whether letters that could still become profiles are about to be dropped. */
final class LettersFinding {
  static final String CHECK = "dead letters";

  private LettersFinding() {}

  /** What it means that so many expire within this time. */
  static Finding of(long expiring, Duration soon) {
    return expiring == 0
        ? new Fine(CHECK, "no open one expires within " + Told.time(soon))
        : new Wrong(
            CHECK,
            (expiring == 1 ? "1 open one expires within %s" : "%2$,d open ones expire within %1$s")
                .formatted(Told.time(soon), expiring),
            "wxphone replay --dry-run tells which would succeed now; replay those, or park them");
  }
}
