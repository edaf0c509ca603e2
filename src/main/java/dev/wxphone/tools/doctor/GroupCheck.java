package dev.wxphone.tools.doctor;

import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the processor runs and comes on. */
final class GroupCheck {
  static final String CHECK = "group";
  private static final int SHOWN = 8;

  private GroupCheck() {}

  /** Of a group that has no offsets. */
  static Finding unknown(String group) {
    return new Wrong(
        CHECK,
        "%s has no offsets: wxphone run was never started, or with another application.id"
            .formatted(group),
        "start wxphone run, or name its group: -Dapplication.id=…");
  }

  /**
   * Of a group that {@code run} refuses to start.
   *
   * @param missing how many partitions of the payloads have no offset of it
   * @param of how many there are
   * @param answered the output that holds answers
   */
  static Finding withoutOffsets(String group, long missing, int of, String answered) {
    return new Wrong(
        CHECK,
        "%s has no offsets%s, though %s already holds answers, so wxphone run will refuse to start"
            .formatted(
                group,
                missing == of
                    ? ""
                    : " for %d of %s".formatted(missing, Units.count(of, "partition")),
                answered),
        "name the group that wrote them (-Dapplication.id=…); if this is it, choose wxphone run"
            + " --start latest (only new payloads) or --start earliest (answer all again)");
  }

  /**
   * Of a group that has offsets.
   *
   * @param members how many threads of it are there
   * @param watched how long it was looked at
   */
  static List<Finding> of(String group, int members, GroupProgress progress, Duration watched) {
    List<Finding> findings = new ArrayList<>();
    Set<Integer> stuck = progress.stuck();
    long behind = progress.behind();
    if (members == 0) {
      findings.add(
          new Wrong(
              CHECK,
              "%s has no members, and %s to read"
                  .formatted(group, behind == 0 ? "nothing" : Units.count(behind, "record")),
              "start wxphone run; it goes on where it stopped"));
    } else if (!stuck.isEmpty()) {
      findings.add(
          new Wrong(
              CHECK,
              "%s is stuck in %s: %s to read, and none was in %s"
                  .formatted(
                      group,
                      partitions(stuck),
                      Units.count(progress.behind(stuck), "record"),
                      Units.time(watched)),
              "look at the log and at /ready of wxphone run, and restart it: nothing is lost"));
    } else {
      findings.add(
          new Fine(
              CHECK,
              "%s: %s, %s"
                  .formatted(
                      group,
                      Units.count(members, "member"),
                      behind == 0
                          ? "nothing left to read"
                          : Units.count(behind, "record") + " behind and coming on")));
    }
    if (!progress.heldBack().isEmpty()) {
      findings.add(
          new Wrong(
              CHECK,
              "a transaction stays open in %s, and what lies behind it is read by nobody"
                  .formatted(some(progress.heldBack())),
              "wait for its transaction.timeout.ms (a minute by default), or find its producer:"
                  + " kafka-transactions.sh find-hanging"));
    }
    return findings;
  }

  private static String partitions(Set<Integer> numbers) {
    return (numbers.size() == 1 ? "partition " : "partitions ")
        + some(numbers.stream().map(String::valueOf).toList());
  }

  private static String some(Collection<String> names) {
    String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? first : first + " and %d more".formatted(names.size() - SHOWN);
  }
}
