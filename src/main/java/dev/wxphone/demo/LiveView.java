package dev.wxphone.demo;

import dev.wxphone.core.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.Units;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the demo shows on a terminal, as lines: 80 columns and 23 rows at the most, and at the end
 * fewer, which leave room for what is said below.
 */
final class LiveView {
  static final int COLUMNS = 80;
  static final int ROWS = 23;

  /** Rows of the last view at the most. */
  static final int LAST_ROWS = 14;

  private static final int REASONS = 9;
  private static final int FURTHER = 3;
  private static final int BAR = 9;
  private static final String LEFT = "  %-20s %6s %-" + BAR + "s";
  private static final String RIGHT = "   %-19s %6s %-" + BAR + "s";

  /**
   * One moment.
   *
   * @param publishedPerSecond of late
   * @param newestProfile a line about it, masked; null before the first
   * @param newestLetter a line about it; null before the first
   */
  record Moment(
      String bootstrapServers,
      long seconds,
      long published,
      double publishedPerSecond,
      Books books,
      AnswerCounts counts,
      @Nullable String newestProfile,
      @Nullable String newestLetter) {
    /** Payloads that are published and have no answer that was read. */
    long unanswered() {
      long unread = published - (books.payloads() - books.rerouted());
      return books.unanswered() + Math.max(0, unread);
    }
  }

  private final TextStyle paint;
  private final List<String> further;

  /**
   * A view of any moment.
   *
   * @param further rows of commands that look further; those beyond 3 are not shown
   */
  LiveView(TextStyle paint, List<String> further) {
    this.paint = paint;
    this.further = List.copyOf(further.subList(0, Math.min(FURTHER, further.size())));
  }

  List<String> lines(Moment now) {
    List<String> lines = answers(now);
    lines.add("");
    lines.add(cut("  newest profile  " + orNone(now.newestProfile())));
    lines.add(cut("  newest letter   " + orNone(now.newestLetter())));
    lines.add("");
    lines.add(paint.faint("  Look further, from a second terminal in this directory:"));
    further.forEach(command -> lines.add(cut("  " + command)));
    return lines.stream().map(paint::printable).toList();
  }

  /** What stays where it ends before all is answered: nothing to look further into. */
  List<String> stopped(Moment end) {
    return answers(end).stream().map(paint::printable).toList();
  }

  /** What stays when all is answered: the books and what was recovered. */
  List<String> last(Moment end) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(end));
    lines.add(
        cut(
            format(
                "  payloads in %,11d     profiles %,11d     dead letters %,11d",
                end.books().payloads() - end.books().rerouted(),
                end.books().profiles(),
                end.books().allDeadLetters())));
    lines.add("");
    beside(lines, deadLetters(end.books()), recovered(end.counts()));
    return lines.stream().map(paint::printable).toList();
  }

  private List<String> answers(Moment now) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(now));
    lines.add("");
    lines.add(
        cut(
            format(
                "  published %,11d %,6.0f/s  profiles %,11d  dead letters %,11d",
                now.published(),
                now.publishedPerSecond(),
                now.books().profiles(),
                now.books().allDeadLetters())));
    lines.add("");
    beside(lines, deadLetters(now.books()), recovered(now.counts()));
    return lines;
  }

  private String headline(Moment now) {
    return paint.bold(
        cut(
            format(
                " wxphone demo   %-40s %20s",
                now.bootstrapServers(),
                format("%d:%02d", now.seconds() / 60, now.seconds() % 60))));
  }

  private List<String> deadLetters(Books books) {
    List<String> lines = new ArrayList<>();
    lines.add(paint.bold(format(LEFT, "Dead letters", "", "")));
    long most = books.deadLetters().values().stream().mapToLong(Long::longValue).max().orElse(1);
    List<Map.Entry<Reason, Long>> largest =
        books.deadLetters().entrySet().stream()
            .sorted(Map.Entry.<Reason, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(REASONS)
            .toList();
    long shown = 0;
    for (Map.Entry<Reason, Long> entry : largest) {
      long count = entry.getValue();
      shown += count;
      lines.add(
          format(LEFT, entry.getKey(), Units.number(count), bar(count, most))
              .replace("█", paint.red("█")));
    }
    long others = books.allDeadLetters() - shown;
    if (others > 0) {
      lines.add(format(LEFT, "others", Units.number(others), ""));
    }
    return lines;
  }

  private List<String> recovered(AnswerCounts counts) {
    List<String> lines = new ArrayList<>();
    lines.add(paint.bold(format(RIGHT, "Recovered clicks", "", "")));
    long most = 1;
    for (Recovered how : Recovered.values()) {
      most = Math.max(most, counts.recovered(how));
    }
    for (Recovered how : Recovered.values()) {
      long count = counts.recovered(how);
      lines.add(
          format(RIGHT, name(how), Units.number(count), bar(count, most))
              .replace("█", paint.green("█")));
    }
    lines.add("");
    lines.add("   each would be a dead letter of a");
    lines.add("   plain join with the newest key");
    lines.add("");
    lines.add(format(RIGHT, "waiting for a key", Units.number(counts.waitingPayloads()), ""));
    return lines;
  }

  static String name(Recovered how) {
    return switch (how) {
      case WAITED -> "key came later";
      case OLDER_KEY -> "older key was right";
      case REPAIRED -> "text or iv mended";
      case REROUTED -> "wrong partition";
    };
  }

  private static void beside(List<String> lines, List<String> left, List<String> right) {
    String empty = format(LEFT, "", "", "");
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String line = i < left.size() ? left.get(i) : empty;
      lines.add(i < right.size() ? line + right.get(i) : line);
    }
  }

  private static String bar(long count, long most) {
    int length = (int) Math.ceil((double) count * BAR / most);
    return "█".repeat(length) + " ".repeat(BAR - length);
  }

  private static String orNone(@Nullable String text) {
    return text == null ? "-" : text;
  }

  private static String cut(String line) {
    return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 1) + "…";
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
