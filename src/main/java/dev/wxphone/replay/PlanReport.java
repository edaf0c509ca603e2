package dev.wxphone.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.domain.Reason;
import dev.wxphone.letters.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan, and what became of it, for people and for programs. */
public final class PlanReport {
  private static final String ROW = "%-22s%9s%9s%10s%8s%10s%12s";

  private PlanReport() {}

  /** A table, at most 80 columns wide. */
  public static List<String> text(Plan plan) {
    if (plan.counts().isEmpty() && plan.foreign() == 0) {
      return List.of("no dead letters");
    }
    List<String> lines = new ArrayList<>();
    lines.add(ROW.formatted("", "would", "would", "already", "", "attempt", "not"));
    lines.add(
        ROW.formatted("reason", "succeed", "fail", "replayed", "parked", "limit", "replayable"));
    plan.counts().forEach((reason, counts) -> lines.add(row(reason.name(), counts)));
    if (plan.foreign() > 0) {
      lines.add(row("(not wxphone's)", Map.of(Standing.NOT_REPLAYABLE, plan.foreign())));
    }
    lines.add("");
    lines.add(
        "In all %s would succeed, %s would fail again, %s already replayed,"
            .formatted(
                number(plan.count(Standing.WOULD_SUCCEED)),
                number(plan.count(Standing.WOULD_FAIL)),
                number(plan.count(Standing.REPLAYED))));
    lines.add(
        "%s parked, %s over the attempt limit, %s not replayable."
            .formatted(
                number(plan.count(Standing.PARKED)),
                number(plan.count(Standing.OVER_LIMIT)),
                number(plan.count(Standing.NOT_REPLAYABLE) + plan.foreign())));
    if (plan.beyondLimit() > 0) {
      lines.add("Of these, the limit lets the %s oldest go.".formatted(number(plan.size())));
    }
    return lines;
  }

  private static String row(String name, Map<Standing, Long> counts) {
    return ROW.formatted(
        name,
        number(counts, Standing.WOULD_SUCCEED),
        number(counts, Standing.WOULD_FAIL),
        number(counts, Standing.REPLAYED),
        number(counts, Standing.PARKED),
        number(counts, Standing.OVER_LIMIT),
        number(counts, Standing.NOT_REPLAYABLE));
  }

  private static String number(Map<Standing, Long> counts, Standing standing) {
    return number(counts.getOrDefault(standing, 0L));
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A JSON object for each reason, each on one line. */
  public static List<String> json(Plan plan) {
    List<String> lines = new ArrayList<>();
    plan.counts().forEach((reason, counts) -> lines.add(object(reason.name(), counts).toString()));
    if (plan.foreign() > 0) {
      lines.add(object("not-a-letter", Map.of(Standing.NOT_REPLAYABLE, plan.foreign())).toString());
    }
    return lines;
  }

  private static ObjectNode object(String reason, Map<Standing, Long> counts) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("reason", reason)
        .put("wouldSucceed", counts.getOrDefault(Standing.WOULD_SUCCEED, 0L))
        .put("wouldFailAgain", counts.getOrDefault(Standing.WOULD_FAIL, 0L))
        .put("alreadyReplayed", counts.getOrDefault(Standing.REPLAYED, 0L))
        .put("parked", counts.getOrDefault(Standing.PARKED, 0L))
        .put("overAttemptLimit", counts.getOrDefault(Standing.OVER_LIMIT, 0L))
        .put("notReplayable", counts.getOrDefault(Standing.NOT_REPLAYABLE, 0L));
  }

  /** What became of it. */
  public static List<String> text(Plan plan, Replay.Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(line("sent", report.sent(), ""));
    lines.add(line("skipped", skipped(plan), ""));
    lines.addAll(causes(plan));
    if (report.left() > 0) {
      lines.add(line("left", report.left(), "run it again: each goes once"));
    }
    if (report.gone() > 0) {
      lines.add(line("gone", report.gone(), "replayed elsewhere, parked or expired meanwhile"));
    }
    lines.add(line("became profiles", report.profiles(), ""));
    lines.add(line("came back", report.allCameBack(), reasons(report.cameBack())));
    if (report.unanswered() > 0) {
      lines.add(line("not answered yet", report.unanswered(), "is wxphone running?"));
    }
    return lines;
  }

  private static String line(String name, long count, String note) {
    return String.format(Locale.ROOT, "%-26s%,9d  %s", name, count, note).stripTrailing();
  }

  private static long skipped(Plan plan) {
    long skipped = plan.foreign() + plan.beyondLimit();
    for (Standing standing : Standing.values()) {
      skipped += plan.isSent(standing) ? 0 : plan.count(standing);
    }
    return skipped;
  }

  private static List<String> causes(Plan plan) {
    List<String> causes = new ArrayList<>();
    put(
        causes,
        plan.isSent(Standing.WOULD_FAIL) ? 0 : plan.count(Standing.WOULD_FAIL),
        "would fail again");
    put(causes, plan.count(Standing.REPLAYED), "already replayed");
    put(causes, plan.count(Standing.PARKED), "parked");
    put(causes, plan.count(Standing.OVER_LIMIT), "over the attempt limit");
    put(causes, plan.count(Standing.NOT_REPLAYABLE) + plan.foreign(), "not replayable");
    put(causes, plan.beyondLimit(), "beyond the limit");
    return causes;
  }

  private static void put(List<String> causes, long count, String cause) {
    if (count > 0) {
      causes.add(line("  " + cause, count, ""));
    }
  }

  private static String reasons(Map<Reason, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> number(entry.getValue()) + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** The same as one JSON object. */
  public static String json(Plan plan, Replay.Report report, String run) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run)
            .put("sent", report.sent())
            .put("left", report.left())
            .put("gone", report.gone())
            .put("profiles", report.profiles())
            .put("unanswered", report.unanswered());
    ObjectNode back = object.putObject("cameBack");
    report.cameBack().forEach((reason, count) -> back.put(reason.name(), count));
    object
        .putObject("skipped")
        .put(
            "wouldFailAgain",
            plan.isSent(Standing.WOULD_FAIL) ? 0 : plan.count(Standing.WOULD_FAIL))
        .put("alreadyReplayed", plan.count(Standing.REPLAYED))
        .put("parked", plan.count(Standing.PARKED))
        .put("overAttemptLimit", plan.count(Standing.OVER_LIMIT))
        .put("notReplayable", plan.count(Standing.NOT_REPLAYABLE) + plan.foreign())
        .put("beyondLimit", plan.beyondLimit());
    return object.toString();
  }
}
