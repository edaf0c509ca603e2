package dev.wxphone.operator;

import java.util.ArrayList;
import java.util.List;

/** How wide the lines may be in which something is told. */
public enum LineWrap {
  /** The usual one of a terminal. */
  TERMINAL(80),

  /** Any: a text stays on its line, for programs to find it. */
  ANY(Integer.MAX_VALUE);

  private final int columns;

  LineWrap(int columns) {
    this.columns = columns;
  }

  /**
   * A heading and its text, broken into lines between the words; the further ones begin below the
   * text, in the middle at the most. A word that has no room stays whole.
   */
  public List<String> lines(String heading, String text) {
    String indent = " ".repeat(Math.min(heading.length(), columns / 2));
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(heading);
    String gap = "";
    for (String word : text.split(" ", -1)) {
      boolean begun = line.length() > indent.length();
      if (begun && line.length() + gap.length() + word.length() > columns) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(indent);
        gap = "";
      }
      line.append(gap).append(word);
      gap = " ";
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }
}
