package dev.wxphone.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table in lines of text. The style of a cell does not count as width. (picocli's table aligns
 * nothing to the right and reads markup in its cells.)
 */
public final class TextTable {
  private static final Pattern COLUMN = Pattern.compile("%-?[0-9]*s");

  /** A text and its style, which is applied after the text is padded. */
  private record Cell(String text, UnaryOperator<String> style) {}

  private final TextStyle style;
  private final String format;
  private final List<String> lines = new ArrayList<>();

  /**
   * Creates an empty table.
   *
   * @param format of a line, a {@code %s} with its width for each column
   */
  public TextTable(TextStyle style, String format) {
    this.style = style;
    this.format = format;
  }

  /** Adds a faint line of headings, one for each column. */
  public TextTable head(Object... headings) {
    lines.add(style.faint(line(headings)));
    return this;
  }

  /** Adds a row: for each column a text, a number or what {@link #count} returns. */
  public TextTable row(Object... cells) {
    lines.add(line(cells));
    return this;
  }

  /** Returns a cell with a count, faint if it is 0. */
  public Object count(long count) {
    return count(count, UnaryOperator.identity());
  }

  /** Returns a cell with a count, faint if it is 0, else in the given style. */
  public Object count(long count, UnaryOperator<String> nonZero) {
    return new Cell(Units.number(count), count == 0 ? style::faint : nonZero);
  }

  /** Returns the lines so far, without blanks at their ends. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  private String line(Object... cells) {
    StringBuilder line = new StringBuilder();
    Matcher column = COLUMN.matcher(format);
    for (int i = 0; column.find(); i++) {
      column.appendReplacement(line, "");
      String padded = column.group();
      line.append(
          cells[i] instanceof Cell cell
              ? cell.style().apply(String.format(Locale.ROOT, padded, cell.text()))
              : String.format(Locale.ROOT, padded, text(cells[i])));
    }
    return line.toString().stripTrailing();
  }

  private static String text(Object cell) {
    return cell instanceof Long number ? Units.number(number) : String.valueOf(cell);
  }
}
