package dev.wxphone.operator;

import java.util.ArrayList;
import java.util.List;

/** How wide the lines of a report may be. */
public enum LineWrap {
  /** The usual width of a terminal, 80 columns. */
  TERMINAL(80),

  /** No limit: each text stays on one line, so that programs can search for it. */
  ANY(Integer.MAX_VALUE);

  private final int columns;

  LineWrap(int columns) {
    this.columns = columns;
  }

  /**
   * Returns a heading and its text, wrapped between words. Continuation lines are indented to the
   * text, by half the width at most. A word wider than a line is not broken.
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
