package dev.wxphone.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Lines in colour as one reads them without. */
public final class UnstyledText {
  /** A terminal with everything. */
  public static final TextStyle IN_COLOUR = new TextStyle(true, true);

  private UnstyledText() {}

  /** The lines without their colours, of which there has to be at least one. */
  public static List<String> of(List<String> coloured) {
    assertThat(coloured).as("in colour").anyMatch(line -> line.contains("\u001b["));
    return coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9]+m", "")).toList();
  }
}
