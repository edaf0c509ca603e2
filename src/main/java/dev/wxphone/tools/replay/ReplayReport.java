package dev.wxphone.tools.replay;

import static dev.wxphone.letters.LetterStatus.NOT_REPLAYABLE;
import static dev.wxphone.letters.LetterStatus.OVER_LIMIT;
import static dev.wxphone.letters.LetterStatus.PARKED;
import static dev.wxphone.letters.LetterStatus.REPLAYED;
import static dev.wxphone.letters.LetterStatus.WOULD_FAIL;
import static dev.wxphone.letters.LetterStatus.WOULD_SUCCEED;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.TextTable;
import dev.wxphone.operator.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan and its result as text and as JSON. */
final class ReplayReport {
  private static final String BY_REASON = "%-22s%9s%9s%10s%8s%10s%12s";
  private static final String RESULT = "%-26s%9s  %s";

  private ReplayReport() {}

  /** Returns a plan as a table, at most 80 columns wide. */
  static List<String> text(ReplayPlan plan, TextStyle style) {
    if (plan.counts().isEmpty() && plan.unreadable() == 0) {
      return List.of("no dead letters");
    }
    TextTable table =
        new TextTable(style, BY_REASON)
            .head("", "would", "would", "already", "", "attempt", "not")
            .head("reason", "succeed", "fail", "replayed", "parked", "limit", "replayable");
    plan.counts().forEach((reason, counts) -> row(table, reason.name(), counts, style));
    if (plan.unreadable() > 0) {
      row(table, "(not wxphone's)", Map.of(NOT_REPLAYABLE, plan.unreadable()), style);
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("");
    lines.add(
        "In all %s would succeed, %s would fail again, %s already replayed,"
            .formatted(
                Units.number(plan.count(WOULD_SUCCEED)),
                Units.number(plan.count(WOULD_FAIL)),
                Units.number(plan.count(REPLAYED))));
    lines.add(
        "%s parked, %s over the attempt limit, %s not replayable."
            .formatted(
                Units.number(plan.count(PARKED)),
                Units.number(plan.count(OVER_LIMIT)),
                Units.number(plan.count(NOT_REPLAYABLE) + plan.unreadable())));
    if (plan.beyondLimit() > 0) {
      lines.add("Of these, the limit lets the %s oldest go.".formatted(Units.number(plan.size())));
    }
    return lines;
  }

  private static void row(
      TextTable table, String name, Map<LetterStatus, Long> counts, TextStyle style) {
    table.row(
        name,
        table.count(count(counts, WOULD_SUCCEED), style::green),
        table.count(count(counts, WOULD_FAIL)),
        table.count(count(counts, REPLAYED)),
        table.count(count(counts, PARKED)),
        table.count(count(counts, OVER_LIMIT)),
        table.count(count(counts, NOT_REPLAYABLE)));
  }

  private static long count(Map<LetterStatus, Long> counts, LetterStatus status) {
    return counts.getOrDefault(status, 0L);
  }

  /** Returns a plan as a JSON object for each reason. */
  static List<String> json(ReplayPlan plan) {
    List<String> lines = new ArrayList<>();
    plan.counts().forEach((reason, counts) -> lines.add(object(reason.name(), counts).toString()));
    if (plan.unreadable() > 0) {
      lines.add(object("not-a-letter", Map.of(NOT_REPLAYABLE, plan.unreadable())).toString());
    }
    return lines;
  }

  private static ObjectNode object(String reason, Map<LetterStatus, Long> counts) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("reason", reason)
        .put("wouldSucceed", count(counts, WOULD_SUCCEED))
        .put("wouldFailAgain", count(counts, WOULD_FAIL))
        .put("alreadyReplayed", count(counts, REPLAYED))
        .put("parked", count(counts, PARKED))
        .put("overAttemptLimit", count(counts, OVER_LIMIT))
        .put("notReplayable", count(counts, NOT_REPLAYABLE));
  }

  /** Returns the result of a plan, a count on each line. */
  static List<String> text(ReplayPlan plan, Replay.Result result, TextStyle style) {
    TextTable table = new TextTable(style, RESULT);
    Map<String, Long> skipped = skipped(plan);
    long allSkipped = skipped.values().stream().mapToLong(Long::longValue).sum();
    table.row("sent", table.count(result.sent(), style::bold), "");
    table.row("skipped", table.count(allSkipped), "");
    skipped.forEach(
        (cause, count) -> {
          if (count > 0) {
            table.row("  " + cause, table.count(count, style::faint), "");
          }
        });
    if (result.left() > 0) {
      table.row("left", table.count(result.left(), style::red), "run it again: each goes once");
    }
    if (result.gone() > 0) {
      String why = "replayed elsewhere, parked or expired meanwhile";
      table.row("gone", table.count(result.gone()), why);
    }
    table.row("became profiles", table.count(result.profiles(), style::green), "");
    table.row(
        "came back", table.count(result.allCameBack(), style::red), reasons(result.cameBack()));
    if (result.unanswered() > 0) {
      String when = "they come while wxphone runs";
      table.row("not answered yet", table.count(result.unanswered(), style::red), when);
    }
    return table.lines();
  }

  /** Returns the letters of a plan that are not sent, by cause. */
  private static Map<String, Long> skipped(ReplayPlan plan) {
    Map<String, Long> causes = new LinkedHashMap<>();
    causes.put("would fail again", wouldFailAgain(plan));
    causes.put("already replayed", plan.count(REPLAYED));
    causes.put("parked", plan.count(PARKED));
    causes.put("over the attempt limit", plan.count(OVER_LIMIT));
    causes.put("not replayable", plan.count(NOT_REPLAYABLE) + plan.unreadable());
    causes.put("beyond the limit", plan.beyondLimit());
    return causes;
  }

  private static long wouldFailAgain(ReplayPlan plan) {
    return plan.isSent(WOULD_FAIL) ? 0 : plan.count(WOULD_FAIL);
  }

  private static String reasons(Map<Reason, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> Units.number(entry.getValue()) + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Returns the result of a plan as one JSON object. */
  static String json(ReplayPlan plan, Replay.Result result, String run) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run)
            .put("sent", result.sent())
            .put("left", result.left())
            .put("gone", result.gone())
            .put("profiles", result.profiles())
            .put("unanswered", result.unanswered());
    ObjectNode back = object.putObject("cameBack");
    result.cameBack().forEach((reason, count) -> back.put(reason.name(), count));
    object
        .putObject("skipped")
        .put("wouldFailAgain", wouldFailAgain(plan))
        .put("alreadyReplayed", plan.count(REPLAYED))
        .put("parked", plan.count(PARKED))
        .put("overAttemptLimit", plan.count(OVER_LIMIT))
        .put("notReplayable", plan.count(NOT_REPLAYABLE) + plan.unreadable())
        .put("beyondLimit", plan.beyondLimit());
    return object.toString();
  }
}
