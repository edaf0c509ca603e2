package dev.wxphone.tools.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Recovery;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.TextTable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A list of letters, the oldest first; only what a row shows is kept of each. */
final class LetterListReport {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);
  private static final String COLUMNS = "%-8s %-11s %-21s %-28s %s";
  private static final int OPENID_WIDTH = 28;

  private record Row(
      DeadLetterId id,
      long appendedAt,
      Reason reason,
      Recovery recovery,
      String openid,
      int attempt,
      boolean open,
      LetterStatus status,
      @Nullable Reason wouldFailWith) {}

  private static final Comparator<Row> OLDEST_FIRST =
      Comparator.comparingLong(Row::appendedAt).thenComparing(Row::id);

  private final List<Row> rows = new ArrayList<>();

  /** Adds a letter. */
  void add(AssessedLetter assessed) {
    DeadLetter letter = assessed.letter();
    rows.add(
        new Row(
            letter.id(),
            letter.appendedAt(),
            letter.reason(),
            letter.recovery(),
            assessed.printableOpenid(),
            letter.attempt(),
            assessed.isOpen(),
            assessed.status(),
            assessed.verdict() instanceof Verdict.Refused refused ? refused.reason() : null));
  }

  /**
   * Returns a table, 80 columns wide.
   *
   * @param limit the maximum number of rows
   * @param none the line to print if there is no letter
   */
  List<String> text(ZoneId zone, int limit, TextStyle style, String none) {
    if (rows.isEmpty()) {
      return List.of(none);
    }
    rows.sort(OLDEST_FIRST);
    TextTable table =
        new TextTable(style, COLUMNS).head("letter", "came", "reason", "openid", "now");
    rows.stream()
        .limit(limit)
        .forEach(
            row ->
                table.row(
                    row.id(),
                    WHEN.format(Instant.ofEpochMilli(row.appendedAt()).atZone(zone)),
                    row.reason(),
                    cut(row.openid()),
                    now(row.status(), style)));
    return table.lines();
  }

  private static String now(LetterStatus status, TextStyle style) {
    return switch (status) {
      case NOT_REPLAYABLE -> style.faint("no value");
      case REPLAYED -> style.faint("replayed");
      case PARKED -> style.faint("parked");
      case OVER_LIMIT -> "limit";
      case WOULD_SUCCEED -> style.green("succeeds");
      case WOULD_FAIL -> "fails";
    };
  }

  private static String cut(String openid) {
    return openid.length() <= OPENID_WIDTH ? openid : openid.substring(0, OPENID_WIDTH - 1) + "…";
  }

  /** Returns a JSON object for each letter. */
  List<String> json(int limit) {
    rows.sort(OLDEST_FIRST);
    return rows.stream().limit(limit).map(row -> object(row).toString()).toList();
  }

  private static ObjectNode object(Row row) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", row.id().toString())
            .put("appendedAt", Instant.ofEpochMilli(row.appendedAt()).toString())
            .put("reason", row.reason().name())
            .put("recovery", row.recovery().text())
            .put("openid", row.openid())
            .put("attempt", row.attempt())
            .put("open", row.open())
            .put("standing", row.status().text());
    return row.wouldFailWith() == null
        ? object
        : object.put("wouldFailWith", row.wouldFailWith().name());
  }
}
