package dev.wxphone.tools.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.TextTable;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.deadletters.LetterStats.Cell;
import dev.wxphone.tools.deadletters.LetterStats.Count;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts of letters as tables and as JSON. */
final class LetterStatsReport {
  private static final int HOURS_SHOWN = 24;
  private static final int BAR = 28;
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);
  private static final String BY_REASON = "%-22s%9s%9s%10s%8s%10s%10s";
  private static final String BY_HOUR = "%-22s%9s%9s  %s";

  private LetterStatsReport() {}

  /** Returns tables by reason and by hour, at most 80 columns wide. */
  static List<String> text(LetterStats stats, ZoneId zone, TextStyle style) {
    if (stats.cells().isEmpty() && stats.unreadable() == 0) {
      return List.of("no dead letters");
    }
    TextTable reasons =
        new TextTable(style, BY_REASON)
            .head("", "", "", "", "", "would", "expire")
            .head("reason", "letters", "open", "replayed", "parked", "succeed", "in 1 d");
    stats.byReason().forEach((reason, count) -> row(reasons, reason.name(), count, style));
    row(reasons, "all", stats.total(), style);
    List<String> lines = new ArrayList<>(reasons.lines());
    if (stats.unreadable() > 0) {
      lines.add(
          "beside %s records that are not wxphone's".formatted(Units.number(stats.unreadable())));
    }
    lines.add("");
    lines.addAll(hours(stats, zone, style));
    return lines;
  }

  private static void row(TextTable table, String name, Count count, TextStyle style) {
    table.row(
        name,
        table.count(count.letters),
        table.count(count.open, style::bold),
        table.count(count.replayed),
        table.count(count.parked),
        table.count(count.wouldSucceed, style::green),
        table.count(count.nearExpiry, style::red));
  }

  private static List<String> hours(LetterStats stats, ZoneId zone, TextStyle style) {
    List<Map.Entry<Instant, Count>> hours = new ArrayList<>(stats.byHour().entrySet());
    int earlier = Math.max(0, hours.size() - HOURS_SHOWN);
    long most = hours.stream().mapToLong(hour -> hour.getValue().letters).max().orElse(1);
    TextTable table = new TextTable(style, BY_HOUR).head("hour", "letters", "open", "");
    if (earlier > 0) {
      Count before = new Count();
      hours.subList(0, earlier).forEach(hour -> before.add(hour.getValue()));
      hour(table, earlier + " before", before, "", style);
    }
    for (Map.Entry<Instant, Count> hour : hours.subList(earlier, hours.size())) {
      Count count = hour.getValue();
      int bar = (int) Math.max(1, count.letters * BAR / most);
      hour(table, HOUR.format(hour.getKey().atZone(zone)), count, "█".repeat(bar), style);
    }
    return table.lines();
  }

  private static void hour(TextTable table, String name, Count count, String bar, TextStyle style) {
    table.row(name, table.count(count.letters), table.count(count.open, style::bold), bar);
  }

  /** Returns a JSON object for each reason and hour. */
  static List<String> json(LetterStats stats) {
    List<String> lines = new ArrayList<>();
    stats.cells().forEach((cell, count) -> lines.add(object(cell, count).toString()));
    if (stats.unreadable() > 0) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      lines.add(object.put("reason", "not-a-letter").put("letters", stats.unreadable()).toString());
    }
    return lines;
  }

  private static ObjectNode object(Cell cell, Count count) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("reason", cell.reason().name())
        .put("hour", cell.hour().toString())
        .put("letters", count.letters)
        .put("open", count.open)
        .put("replayed", count.replayed)
        .put("parked", count.parked)
        .put("wouldSucceed", count.wouldSucceed)
        .put("nearExpiry", count.nearExpiry);
  }
}
