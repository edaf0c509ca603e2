package dev.wxphone.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"0@0", "7@12", "999999999@999999999999999999"})
  void an_id_is_read_as_it_is_written(String text) {
    assertThat(DeadLetterId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "@",
        "1@",
        "@1",
        "1",
        "1-1",
        "-1@0",
        "0@-1",
        "+1@0",
        "1@1 ",
        " 1@1",
        "1@1\n",
        "1@1@1",
        "1@1,1@2",
        "x@1",
        "\u0661@1",
        "1234567890@0",
        "0@1234567890123456789"
      })
  void all_else_is_none(String text) {
    assertThat(DeadLetterId.parse(text)).isNull();
  }

  @Test
  void ids_are_in_order_of_their_numbers_and_not_of_their_text() {
    assertThat(Stream.of("10@0", "2@100", "2@20", "0@7").map(DeadLetterId::parse).sorted())
        .map(DeadLetterId::toString)
        .containsExactly("0@7", "2@20", "2@100", "10@0");
  }
}
