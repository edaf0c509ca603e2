package dev.wxphone.tools.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.operator.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A plan, and what became of it, for people and for programs. */
public final class ReplayReport {
  private static final String HEADS = "%-22s%9s%9s%10s%8s%10s%12s";

  private ReplayReport() {}

  /** A table, at most 80 columns wide. */
  public static List<String> text(ReplayPlan plan, TextStyle paint) {
    if (plan.counts().isEmpty() && plan.foreign() == 0) {
      return List.of("no dead letters");
    }
    List<String> lines = new ArrayList<>();
    lines.add(paint.faint(HEADS.formatted("", "would", "would", "already", "", "attempt", "not")));
    lines.add(
        paint.faint(
            HEADS.formatted(
                "reason", "succeed", "fail", "replayed", "parked", "limit", "replayable")));
    plan.counts().forEach((reason, counts) -> lines.add(row(reason.name(), counts, paint)));
    if (plan.foreign() > 0) {
      lines.add(row("(not wxphone's)", Map.of(LetterStatus.NOT_REPLAYABLE, plan.foreign()), paint));
    }
    lines.add("");
    lines.add(
        "In all %s would succeed, %s would fail again, %s already replayed,"
            .formatted(
                number(plan.count(LetterStatus.WOULD_SUCCEED)),
                number(plan.count(LetterStatus.WOULD_FAIL)),
                number(plan.count(LetterStatus.REPLAYED))));
    lines.add(
        "%s parked, %s over the attempt limit, %s not replayable."
            .formatted(
                number(plan.count(LetterStatus.PARKED)),
                number(plan.count(LetterStatus.OVER_LIMIT)),
                number(plan.count(LetterStatus.NOT_REPLAYABLE) + plan.foreign())));
    if (plan.beyondLimit() > 0) {
      lines.add("Of these, the limit lets the %s oldest go.".formatted(number(plan.size())));
    }
    return lines;
  }

  private static String row(String name, Map<LetterStatus, Long> counts, TextStyle paint) {
    UnaryOperator<String> plain = UnaryOperator.identity();
    return "%-22s".formatted(name)
        + paint.count(9, count(counts, LetterStatus.WOULD_SUCCEED), paint::green)
        + paint.count(9, count(counts, LetterStatus.WOULD_FAIL), plain)
        + paint.count(10, count(counts, LetterStatus.REPLAYED), plain)
        + paint.count(8, count(counts, LetterStatus.PARKED), plain)
        + paint.count(10, count(counts, LetterStatus.OVER_LIMIT), plain)
        + paint.count(12, count(counts, LetterStatus.NOT_REPLAYABLE), plain);
  }

  private static long count(Map<LetterStatus, Long> counts, LetterStatus standing) {
    return counts.getOrDefault(standing, 0L);
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A JSON object for each reason, each on one line. */
  public static List<String> json(ReplayPlan plan) {
    List<String> lines = new ArrayList<>();
    plan.counts().forEach((reason, counts) -> lines.add(object(reason.name(), counts).toString()));
    if (plan.foreign() > 0) {
      lines.add(
          object("not-a-letter", Map.of(LetterStatus.NOT_REPLAYABLE, plan.foreign())).toString());
    }
    return lines;
  }

  private static ObjectNode object(String reason, Map<LetterStatus, Long> counts) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("reason", reason)
        .put("wouldSucceed", count(counts, LetterStatus.WOULD_SUCCEED))
        .put("wouldFailAgain", count(counts, LetterStatus.WOULD_FAIL))
        .put("alreadyReplayed", count(counts, LetterStatus.REPLAYED))
        .put("parked", count(counts, LetterStatus.PARKED))
        .put("overAttemptLimit", count(counts, LetterStatus.OVER_LIMIT))
        .put("notReplayable", count(counts, LetterStatus.NOT_REPLAYABLE));
  }

  /** What became of it. */
  public static List<String> text(ReplayPlan plan, Replay.Report report, TextStyle paint) {
    UnaryOperator<String> plain = UnaryOperator.identity();
    List<String> lines = new ArrayList<>();
    lines.add(line("sent", paint.count(9, report.sent(), paint::bold), ""));
    lines.add(line("skipped", paint.count(9, skipped(plan), plain), ""));
    lines.addAll(causes(plan, paint));
    if (report.left() > 0) {
      lines.add(
          line("left", paint.count(9, report.left(), paint::red), "run it again: each goes once"));
    }
    if (report.gone() > 0) {
      lines.add(
          line(
              "gone",
              paint.count(9, report.gone(), plain),
              "replayed elsewhere, parked or expired meanwhile"));
    }
    lines.add(line("became profiles", paint.count(9, report.profiles(), paint::green), ""));
    lines.add(
        line(
            "came back",
            paint.count(9, report.allCameBack(), paint::red),
            reasons(report.cameBack())));
    if (report.unanswered() > 0) {
      lines.add(
          line(
              "not answered yet",
              paint.count(9, report.unanswered(), paint::red),
              "they come while wxphone runs"));
    }
    return lines;
  }

  private static String line(String name, String count, String note) {
    return "%-26s%s  %s".formatted(name, count, note).stripTrailing();
  }

  private static long skipped(ReplayPlan plan) {
    long skipped = plan.foreign() + plan.beyondLimit();
    for (LetterStatus standing : LetterStatus.values()) {
      skipped += plan.isSent(standing) ? 0 : plan.count(standing);
    }
    return skipped;
  }

  private static List<String> causes(ReplayPlan plan, TextStyle paint) {
    Map<String, Long> causes = new LinkedHashMap<>();
    causes.put(
        "would fail again",
        plan.isSent(LetterStatus.WOULD_FAIL) ? 0 : plan.count(LetterStatus.WOULD_FAIL));
    causes.put("already replayed", plan.count(LetterStatus.REPLAYED));
    causes.put("parked", plan.count(LetterStatus.PARKED));
    causes.put("over the attempt limit", plan.count(LetterStatus.OVER_LIMIT));
    causes.put("not replayable", plan.count(LetterStatus.NOT_REPLAYABLE) + plan.foreign());
    causes.put("beyond the limit", plan.beyondLimit());
    causes.values().removeIf(count -> count == 0);
    return causes.entrySet().stream()
        .map(e -> line("  " + e.getKey(), paint.count(9, e.getValue(), paint::faint), ""))
        .toList();
  }

  private static String reasons(Map<Reason, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> number(entry.getValue()) + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** The same as one JSON object. */
  public static String json(ReplayPlan plan, Replay.Report report, String run) {
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
            plan.isSent(LetterStatus.WOULD_FAIL) ? 0 : plan.count(LetterStatus.WOULD_FAIL))
        .put("alreadyReplayed", plan.count(LetterStatus.REPLAYED))
        .put("parked", plan.count(LetterStatus.PARKED))
        .put("overAttemptLimit", plan.count(LetterStatus.OVER_LIMIT))
        .put("notReplayable", plan.count(LetterStatus.NOT_REPLAYABLE) + plan.foreign())
        .put("beyondLimit", plan.beyondLimit());
    return object.toString();
  }
}
