package dev.wxphone.demo;

/**
 * What a terminal can show.
 *
 * @param colour whether colours and weights (ECMA-48)
 * @param blocks whether more than ASCII
 */
public record Paint(boolean colour, boolean blocks) {
  String bold(String text) {
    return wrap("1", text);
  }

  String faint(String text) {
    return wrap("2", text);
  }

  String red(String text) {
    return wrap("31", text);
  }

  String green(String text) {
    return wrap("32", text);
  }

  /** The line in characters that it has. */
  String characters(String line) {
    return blocks ? line : line.replace('█', '#').replace('…', '~');
  }

  private String wrap(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
