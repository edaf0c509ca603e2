package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.demo.Demo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TerminalTest {
  private static final Terminal.Size LIVE = new Terminal.Size(Demo.LIVE_ROWS, Demo.LIVE_COLUMNS);

  @Test
  void stty_prints_rows_and_columns() {
    assertThat(Terminal.Size.parse("24 80\n")).contains(new Terminal.Size(24, 80));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "0 0\n", "24 0", "24", "24 80 1", "stty: no", "-1 80", "9999999 80"})
  void other_output_is_no_size(String line) {
    assertThat(Terminal.Size.parse(line)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"24, 80, true", ", 80, false", "24, , false", "x, 80, false"})
  void the_environment_gives_a_size_only_with_both_numbers(
      @Nullable String rows, @Nullable String columns, boolean known) {
    assertThat(Terminal.Size.of(rows, columns).isPresent()).isEqualTo(known);
  }

  @ParameterizedTest
  @CsvSource({
    "24, 80, true",
    "50, 200, true",
    "23, 80, false",
    "24, 79, false",
    "20, 60, false",
    "22, 70, false",
  })
  void the_live_view_needs_a_terminal_of_the_usual_size(int rows, int columns, boolean fits) {
    assertThat(new Terminal.Size(rows, columns).holds(LIVE)).isEqualTo(fits);
  }
}
