package dev.wxphone.operator;

import picocli.CommandLine.Help.Ansi.Style;

/**
 * What a terminal can show.
 *
 * @param colour whether colours and weights (ECMA-48)
 * @param blocks whether more than ASCII
 */
public record TextStyle(boolean colour, boolean blocks) {
  /** Neither colours nor weights. */
  public static final TextStyle NONE = new TextStyle(false, true);

  /** Returns the text in bold, for what matters most. */
  public String bold(String text) {
    return styled(Style.bold, text);
  }

  /** Returns the text in a faint weight, for headings, zeros and what is settled. */
  public String faint(String text) {
    return styled(Style.faint, text);
  }

  /** Returns the text in red, for what is wrong. */
  public String red(String text) {
    return styled(Style.fg_red, text);
  }

  /** Returns the text in green, for what is right. */
  public String green(String text) {
    return styled(Style.fg_green, text);
  }

  /** Returns the line with block characters replaced by ASCII if the terminal has none. */
  public String printable(String line) {
    return blocks ? line : line.replace('█', '#').replace('░', '.').replace('…', '~');
  }

  // Not picocli's markup: text that came from a record could hold some.
  private String styled(Style style, String text) {
    return colour ? style.on() + text + Style.reset.on() : text;
  }
}
