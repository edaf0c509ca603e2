package dev.wxphone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.Books;
import dev.wxphone.demo.LiveView.Moment;
import dev.wxphone.domain.Reason;
import dev.wxphone.topology.AnswerCounts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveViewTest {
  @Test
  void theFullestMomentFitsEightyColumnsAndTwentyThreeRows() {
    List<String> lines = new LiveView(Paint.NONE).lines(fullest());
    assertThat(lines).hasSizeLessThanOrEqualTo(LiveView.ROWS);
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void colourChangesNothingThatIsRead() {
    List<String> plain = new LiveView(Paint.NONE).lines(fullest());
    List<String> coloured = new LiveView(Paint.COLOUR).lines(fullest());
    assertThat(coloured).isNotEqualTo(plain);
    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9]+m", "")))
        .containsExactlyElementsOf(plain);
  }

  @Test
  void everyDeadLetterIsInTheSumOfWhatIsShown() {
    List<String> lines = new LiveView(Paint.NONE).lines(fullest());
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
  void aMaskedNumberHidesAtLeastFourDigits(String number, String masked) {
    assertThat(dev.wxphone.Masked.number(number)).isEqualTo(masked);
  }

  private static Moment fullest() {
    Map<Reason, Long> letters = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      letters.put(reason, 999_999L);
    }
    return new Moment(
        "a-broker-with-a-rather-long-name.example.org:19092,another.example.org:19092",
        5999,
        999_999_999,
        99_999,
        new Books(999_999_999, 999_999_999, letters, 0, 0, 0, 0, ""),
        new AnswerCounts(),
        "x".repeat(200),
        "x".repeat(200));
  }
}
