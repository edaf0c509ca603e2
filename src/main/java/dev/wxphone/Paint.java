package dev.wxphone;

/**
 * What a terminal can show.
 *
 * @param colour whether colours and weights (ECMA-48)
 * @param blocks whether more than ASCII
 */
public record Paint(boolean colour, boolean blocks) {
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

  /** The line in characters that it has. */
  public String characters(String line) {
    return blocks ? line : line.replace('█', '#').replace('░', '.').replace('…', '~');
  }

  private String wrap(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
