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
import dev.wxphone.operator.Foreign;
import dev.wxphone.operator.TextStyle;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Letters in a list, the oldest first; of each no more is kept than its row shows. */
public final class LetterListReport {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);
  private static final String ROW = "%-8s %-11s %-21s %-28s ";

  /** A row. */
  private record Row(
      DeadLetterId id,
      long appendedAt,
      Reason reason,
      Recovery recovery,
      String openid,
      int attempt,
      boolean open,
      LetterStatus standing,
      @Nullable Reason wouldFailWith) {}

  private static final Comparator<Row> OLDEST_FIRST =
      Comparator.comparingLong(Row::appendedAt).thenComparing(Row::id);

  private final List<Row> rows = new ArrayList<>();

  /** Adds a letter. */
  public void add(AssessedLetter examined) {
    DeadLetter letter = examined.letter();
    rows.add(
        new Row(
            letter.id(),
            letter.appendedAt(),
            letter.reason(),
            letter.recovery(),
            Foreign.openid(letter),
            letter.attempt(),
            examined.isOpen(),
            examined.standing(),
            examined.verdict() instanceof Verdict.Refused refused ? refused.reason() : null));
  }

  private static String word(LetterStatus standing) {
    return switch (standing) {
      case NOT_REPLAYABLE -> "no value";
      case REPLAYED -> "replayed";
      case PARKED -> "parked";
      case OVER_LIMIT -> "limit";
      case WOULD_SUCCEED -> "succeeds";
      case WOULD_FAIL -> "fails";
    };
  }

  /**
   * A table for a person, 80 columns wide.
   *
   * @param most of all, the oldest
   * @param none what to say where there is none
   */
  public List<String> text(ZoneId zone, long most, TextStyle paint, String none) {
    if (rows.isEmpty()) {
      return List.of(none);
    }
    rows.sort(OLDEST_FIRST);
    List<String> lines = new ArrayList<>();
    lines.add(paint.faint(ROW.formatted("letter", "came", "reason", "openid") + "now"));
    rows.stream()
        .limit(most)
        .forEach(
            row ->
                lines.add(
                    ROW.formatted(
                            row.id(),
                            WHEN.format(Instant.ofEpochMilli(row.appendedAt()).atZone(zone)),
                            row.reason(),
                            cut(row.openid()))
                        + painted(row.standing(), paint)));
    return lines;
  }

  private static String painted(LetterStatus standing, TextStyle paint) {
    String word = word(standing);
    return switch (standing) {
      case WOULD_SUCCEED -> paint.green(word);
      case WOULD_FAIL, OVER_LIMIT -> word;
      case NOT_REPLAYABLE, REPLAYED, PARKED -> paint.faint(word);
    };
  }

  private static String cut(String openid) {
    return openid.length() <= 28 ? openid : openid.substring(0, 27) + "…";
  }

  /** A JSON object for each, each on one line. */
  public List<String> json(long most) {
    rows.sort(OLDEST_FIRST);
    return rows.stream().limit(most).map(row -> object(row).toString()).toList();
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
            .put("standing", row.standing().text());
    return row.wouldFailWith() == null
        ? object
        : object.put("wouldFailWith", row.wouldFailWith().name());
  }
}
