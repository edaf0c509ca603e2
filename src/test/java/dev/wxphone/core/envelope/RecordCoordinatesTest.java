package dev.wxphone.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCoordinatesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"t-0@0", "phone-payload-7@12", "a-1-2@3", "-.-_-0@999999999999999999", "0-0@0"})
  void coordinates_are_read_as_they_are_written(String text) {
    assertThat(RecordCoordinates.parse(text)).hasToString(text);
  }

  @Test
  void a_topic_may_end_like_a_partition() {
    assertThat(RecordCoordinates.parse("a-1-2@3")).isEqualTo(new RecordCoordinates("a-1", 2, 3));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "-0@0",
        "t-0",
        "t@0",
        "t-@0",
        "t-0@",
        "t-0@-1",
        "t-0@0 ",
        "t-0@0\n",
        "t/t-0@0",
        "t-1234567890@0",
        "t-0@1234567890123456789"
      })
  void all_else_is_none(String text) {
    assertThat(RecordCoordinates.parse(text)).isNull();
  }

  @Test
  void a_topic_name_has_at_most_249_characters() {
    assertThat(RecordCoordinates.parse("t".repeat(249) + "-0@0")).isNotNull();
    assertThat(RecordCoordinates.parse("t".repeat(250) + "-0@0")).isNull();
  }
}
