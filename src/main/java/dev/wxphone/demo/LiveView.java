package dev.wxphone.demo;

import dev.wxphone.books.Books;
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
 * Lays out the live view of the demo: at most 80 columns and 23 rows, and fewer rows at the end,
 * where the verdict and the next steps follow below.
 */
final class LiveView {
  static final int COLUMNS = 80;
  static final int ROWS = 23;

  /** The most rows of {@link #books}. */
  static final int BOOKS_ROWS = 14;

  private static final int MAX_REASONS = 9;
  private static final int MAX_NEXT_STEPS = 3;
  private static final int BAR_WIDTH = 9;
  private static final String LEFT = "  %-20s %6s %-" + BAR_WIDTH + "s";
  private static final String RIGHT = "   %-19s %6s %-" + BAR_WIDTH + "s";

  private final TextStyle style;
  private final String page;
  private final List<String> nextSteps;

  /**
   * Creates a view.
   *
   * @param page the address of the stream's page
   * @param nextSteps lines with commands; the first 3 are shown
   */
  LiveView(TextStyle style, String page, List<String> nextSteps) {
    this.style = style;
    this.page = page;
    this.nextSteps = List.copyOf(nextSteps.subList(0, Math.min(MAX_NEXT_STEPS, nextSteps.size())));
  }

  /** Returns the lines of a demo that is playing. */
  List<String> progress(DemoSnapshot now) {
    List<String> lines = answers(now);
    lines.add("");
    lines.add(cut("  newest profile  " + orNone(now.newestProfile())));
    lines.add(cut("  newest letter   " + orNone(now.newestDeadLetter())));
    lines.add("");
    lines.add(style.faint(cut("  Look further on " + page + " or, from a second terminal here:")));
    nextSteps.forEach(command -> lines.add(cut("  " + command)));
    return lines.stream().map(style::printable).toList();
  }

  /** Returns the last lines of a demo that was stopped, without next steps. */
  List<String> stopped(DemoSnapshot end) {
    return answers(end).stream().map(style::printable).toList();
  }

  /** Returns the last lines of a demo that was played to its end. */
  List<String> books(DemoSnapshot end) {
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
    return lines.stream().map(style::printable).toList();
  }

  private List<String> answers(DemoSnapshot now) {
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

  private String headline(DemoSnapshot now) {
    return style.bold(
        cut(
            format(
                " wxphone demo   %-40s %20s",
                now.bootstrapServers(),
                format("%d:%02d", now.seconds() / 60, now.seconds() % 60))));
  }

  private List<String> deadLetters(Books books) {
    List<String> lines = new ArrayList<>();
    lines.add(style.bold(format(LEFT, "Dead letters", "", "")));
    long max = books.deadLetters().values().stream().mapToLong(Long::longValue).max().orElse(1);
    List<Map.Entry<Reason, Long>> largest =
        books.deadLetters().entrySet().stream()
            .sorted(Map.Entry.<Reason, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(MAX_REASONS)
            .toList();
    long shown = 0;
    for (Map.Entry<Reason, Long> entry : largest) {
      long count = entry.getValue();
      shown += count;
      lines.add(
          format(LEFT, entry.getKey(), Units.number(count), bar(count, max))
              .replace("█", style.red("█")));
    }
    long others = books.allDeadLetters() - shown;
    if (others > 0) {
      lines.add(format(LEFT, "others", Units.number(others), ""));
    }
    return lines;
  }

  private List<String> recovered(AnswerCounts counts) {
    List<String> lines = new ArrayList<>();
    lines.add(style.bold(format(RIGHT, "Recovered clicks", "", "")));
    long max = 1;
    for (Recovered recovered : Recovered.values()) {
      max = Math.max(max, counts.recovered(recovered));
    }
    for (Recovered recovered : Recovered.values()) {
      long count = counts.recovered(recovered);
      lines.add(
          format(RIGHT, label(recovered), Units.number(count), bar(count, max))
              .replace("█", style.green("█")));
    }
    lines.add("");
    lines.add("   each would be a dead letter of a");
    lines.add("   plain join with the newest key");
    lines.add("");
    lines.add(format(RIGHT, "waiting for a key", Units.number(counts.waitingPayloads()), ""));
    return lines;
  }

  static String label(Recovered recovered) {
    return switch (recovered) {
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

  private static String bar(long count, long max) {
    int length = (int) Math.ceil((double) count * BAR_WIDTH / max);
    return "█".repeat(length) + " ".repeat(BAR_WIDTH - length);
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
