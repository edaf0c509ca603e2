package dev.wxphone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.operator.SafeText;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveViewTest {
  private static final TextStyle PLAIN = new TextStyle(false, true);

  private static LiveView view(TextStyle style) {
    return new LiveView(
        style, "http://127.0.0.1:65535/", List.of("x".repeat(200), "two", "three", "four"));
  }

  @Test
  void the_fullest_moment_fits_eighty_columns_and_twenty_three_rows() {
    List<String> lines = view(PLAIN).progress(fullest());
    assertThat(lines).hasSizeLessThanOrEqualTo(LiveView.ROWS);
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void the_last_view_leaves_room_for_the_verdict_and_the_commands_and_names_the_books() {
    List<String> lines = view(PLAIN).books(fullest());
    assertThat(lines).hasSizeLessThanOrEqualTo(LiveView.BOOKS_ROWS);
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line.replaceAll(" +", " "))
                    .isEqualTo(
                        " payloads in 999,999,999 profiles 999,999,999 dead letters 17,999,982"))
        .anySatisfy(line -> assertThat(line).contains("Recovered clicks"));
  }

  @Test
  void
      the_view_of_an_end_before_all_is_answered_is_the_usual_one_with_nothing_to_look_further_into() {
    List<String> usual = view(PLAIN).progress(fullest());
    List<String> stopped = view(PLAIN).stopped(fullest());
    assertThat(usual.subList(0, stopped.size())).isEqualTo(stopped);
    assertThat(stopped)
        .hasSizeLessThan(LiveView.ROWS - 3)
        .anySatisfy(line -> assertThat(line).contains("waiting for a key"))
        .noneSatisfy(line -> assertThat(line).containsAnyOf("further", "newest profile"));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0, 10, 2, 2",
    "10, 0, 7, 2, 5",
    "10, 3, 13, 2, 2",
    "10, 3, 12, 2, 3",
    "10, 0, 12, 2, 2"
  })
  void what_is_published_and_not_read_yet_is_not_answered_either(
      long published, long rerouted, long read, long unansweredOfRead, long unanswered) {
    Books books = new Books(read, 0, Map.of(), rerouted, unansweredOfRead, 0, 0, 0, 0, "");
    DemoSnapshot now = new DemoSnapshot("", 0, published, 0, books, new AnswerCounts(), null, null);
    assertThat(now.unanswered()).isEqualTo(unanswered);
  }

  @Test
  void colour_changes_nothing_that_is_read() {
    List<String> plain = view(PLAIN).progress(fullest());
    List<String> coloured = view(new TextStyle(true, true)).progress(fullest());
    assertThat(coloured).isNotEqualTo(plain);
    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9]+m", "")))
        .containsExactlyElementsOf(plain);
  }

  @Test
  void where_the_terminal_has_nothing_else_all_is_ascii() {
    List<String> lines = view(new TextStyle(false, false)).progress(fullest());
    assertThat(String.join("", lines)).isASCII();
    assertThat(lines).anySatisfy(line -> assertThat(line).contains("#"));
  }

  @Test
  void nothing_but_what_is_long_by_nature_is_cut() {
    assertThat(view(PLAIN).progress(fullest()))
        .filteredOn(line -> line.endsWith("…"))
        .allSatisfy(line -> assertThat(line).containsAnyOf("xxx", "newest", "wxphone demo"));
  }

  @Test
  void every_dead_letter_is_in_the_sum_of_what_is_shown() {
    List<String> lines = view(PLAIN).progress(fullest());
    assertThat(lines).anySatisfy(line -> assertThat(line).contains("others"));
  }

  @ParameterizedTest
  @CsvSource({
    "13580006666, 135****6666",
    "4151234567, 415****567",
    "1234567, 1****67",
    "12345, ****5",
    "1234, ****",
    "1, ****",
  })
  void a_masked_number_hides_at_least_four_digits(String number, String masked) {
    assertThat(SafeText.maskedNumber(number)).isEqualTo(masked);
  }

  private static DemoSnapshot fullest() {
    Map<Reason, Long> letters = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      letters.put(reason, 999_999L);
    }
    return new DemoSnapshot(
        "a-broker-with-a-rather-long-name.example.org:19092,another.example.org:19092",
        5999,
        999_999_999,
        99_999,
        new Books(999_999_999, 999_999_999, letters, 0, 0, 0, 0, 0, 0, ""),
        new AnswerCounts(),
        "x".repeat(200),
        "x".repeat(200));
  }
}
