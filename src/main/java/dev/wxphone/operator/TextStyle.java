package dev.wxphone.operator;

import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What a terminal can show.
 *
 * @param colour whether colours and weights (ECMA-48)
 * @param blocks whether more than ASCII
 */
public record TextStyle(boolean colour, boolean blocks) {
  /** Text as it is. */
  public static final TextStyle NONE = new TextStyle(false, true);

  /** What matters. */
  public String bold(String text) {
    return wrap("1", text);
  }

  /** What matters less. */
  public String faint(String text) {
    return wrap("2", text);
  }

  /** What is wrong. */
  public String red(String text) {
    return wrap("31", text);
  }

  /** What is well. */
  public String green(String text) {
    return wrap("32", text);
  }

  /** A count at the right end of so many columns: faint where it is 0, else as is said. */
  public String count(int columns, long count, UnaryOperator<String> any) {
    String cell = String.format(Locale.ROOT, "%," + columns + "d", count);
    return count == 0 ? faint(cell) : any.apply(cell);
  }

  /** The line in characters that it has. */
  public String characters(String line) {
    return blocks ? line : line.replace('█', '#').replace('░', '.').replace('…', '~');
  }

  private String wrap(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
