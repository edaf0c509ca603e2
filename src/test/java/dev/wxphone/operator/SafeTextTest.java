package dev.wxphone.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
  @ParameterizedTest
  @CsvSource({
    "13580006666, 135****6666",
    "+8613580006666, +86****6666",
    "1234567, 1****67",
    "123456, 1****6",
    "12345, ****5",
    "1234, ****",
    "'', ****",
  })
  void only_the_ends_of_a_number_are_shown(String number, String seen) {
    assertThat(SafeText.maskedNumber(number)).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource({
    "call 13580006666 now, call 135****6666 now",
    "(13580006666), (135****6666)",
    "a13580006666b, a135****6666b",
    "+8613580006666, +86****6666",
    "+86 13580006666, +86****6666",
    "0086-13580006666, 008****6666",
    "8613580006666, 861****6666",
    "+14155552671, +14****2671",
    "+1234567, +1****67",
    "13580006666 13580007777, 135****6666 135****7777",
  })
  void in_a_text_each_phone_number_is_masked(String text, String seen) {
    assertThat(SafeText.masked(text)).isEqualTo(seen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1769847330250",
        "1358000666",
        "135800066661",
        "21358000666612",
        "phone-payload-0@13",
        "12012345678",
        "+123456",
        "2026-01-31T08:15:30Z"
      })
  void other_text_is_not_masked(String text) {
    assertThat(SafeText.masked(text)).isEqualTo(text);
  }
}
