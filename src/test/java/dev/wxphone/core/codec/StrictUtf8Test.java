package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictUtf8Test {

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "",
        "a",
        "\0",
        "\u007F",
        "\u0080",
        "\u07FF",
        "\u0800",
        "\uD7FF",
        "\uE000",
        "\uFEFF",
        "\uFFFD",
        "a\uFFFDb",
        "\uFFFF",
        "\uD800\uDC00",
        "\uDBFF\uDFFF"
      })
  void every_character_is_read(String text) {
    assertThat(StrictUtf8.decode(text.getBytes(UTF_8))).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0af",
        "c1bf",
        "c280c2",
        "e08080",
        "e09fbf",
        "eda080",
        "edbfbf",
        "eda080edb080",
        "f08080af",
        "f08fbfbf",
        "f4908080",
        "f5808080",
        "f88080808080",
        "fe",
        "ff",
        "e5b8",
        "f09f98",
        "c2",
        "61ff",
        "efbfbdff",
        "fffe6100"
      })
  void bytes_that_are_not_utf_8_are_refused(String hex) {
    assertThat(StrictUtf8.decode(HexFormat.of().parseHex(hex))).isNull();
  }

  @Test
  void a_part_is_read_by_itself() {
    byte[] bytes = "\u5E26\uFFFDa".getBytes(UTF_8);
    assertThat(StrictUtf8.decode(bytes, 3, 4)).isEqualTo("\uFFFDa");
    assertThat(StrictUtf8.decode(bytes, 1, 6)).isNull();
    assertThat(StrictUtf8.decode(bytes, 0, 2)).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void any_bytes_are_read_as_the_jdks_strict_decoder_reads_them(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(6)];
      random.nextBytes(bytes);
      assertThat(StrictUtf8.decode(bytes))
          .as("seed %d: %s", seed, HexFormat.of().formatHex(bytes))
          .isEqualTo(strictly(bytes));
    }
  }

  private static @Nullable String strictly(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
