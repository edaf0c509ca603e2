package dev.wxphone.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineWrapTest {
  private static final String WORDS = "word ".repeat(30).strip();

  @Test
  void a_line_breaks_between_words_and_goes_on_below_its_text() {
    assertThat(LineWrap.TERMINAL.lines("heading  ", WORDS))
        .containsExactly(
            "heading  " + "word ".repeat(14).strip(),
            "         " + "word ".repeat(14).strip(),
            "         word word");
  }

  @Test
  void a_line_of_eighty_columns_fits() {
    String eighty = "a".repeat(40) + " " + "b".repeat(37);
    assertThat(LineWrap.TERMINAL.lines("x ", eighty)).containsExactly("x " + eighty);
    assertThat(LineWrap.TERMINAL.lines("x ", eighty + "b")).hasSize(2);
  }

  @Test
  void without_a_limit_a_line_is_not_wrapped() {
    assertThat(LineWrap.ANY.lines("heading  ", WORDS)).containsExactly("heading  " + WORDS);
  }

  @Test
  void a_word_wider_than_a_line_is_not_broken() {
    String word = "w".repeat(100);
    assertThat(LineWrap.TERMINAL.lines("x ", word)).containsExactly("x " + word);
    assertThat(LineWrap.TERMINAL.lines("x ", "a " + word + " b"))
        .containsExactly("x a", "  " + word, "  b");
  }

  @Test
  void a_long_heading_leaves_half_the_lines_to_the_text() {
    String heading = "h".repeat(70) + "  ";
    assertThat(LineWrap.TERMINAL.lines(heading, WORDS))
        .startsWith(heading + "word", " ".repeat(40) + "word ".repeat(8).strip());
    assertThat(LineWrap.TERMINAL.lines(heading, "something"))
        .containsExactly("h".repeat(70), " ".repeat(40) + "something");
  }

  @Test
  void spaces_within_a_text_stay() {
    assertThat(LineWrap.TERMINAL.lines("x ", "  a  b")).containsExactly("x   a  b");
    assertThat(LineWrap.TERMINAL.lines("x ", "")).containsExactly("x");
  }
}
