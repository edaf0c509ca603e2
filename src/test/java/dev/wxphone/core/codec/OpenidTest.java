package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenidTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"oGZUI0egBJY1zhBYw2KhdUfwVJJE", "o_-", "-", "0"})
  void letters_digits_and_two_signs_make_an_openid(String key) {
    assertThat(Openid.isOne(key.getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                  | is empty
          `"oABC"`            | stands in JSON quotes
          `"oABC`             | begins with a quotation mark
          `{"openid":"oABC"}` | is JSON
          `oABC `             | has a blank
          ` oABC`             | has a blank
          `oABC\n`            | has a line break
          `oABC\t`            | has a tab
          `oABC.D`            | has a dot
          `wxphone.fence`     | has a dot
          `oABC:D`            | has the character :
          `oABC=`             | has the character =
          `oABC\0`            | has a control byte
          `用户`              | outside of ASCII
          `\0\0\0\0\7oABC`    | schema registry
          `\0\0\0\0\0\0\0\7`  | has a control byte
          """)
  void what_is_wrong_with_a_key_is_said(String key, String flaw) {
    byte[] bytes = key.translateEscapes().getBytes(UTF_8);
    assertThat(Openid.isOne(bytes)).isFalse();
    assertThat(Openid.flaw(bytes)).contains(flaw).doesNotContain("oABC");
  }

  @Test
  void a_key_is_1_to_512_bytes_of_utf_8() {
    assertThat(Openid.isOne("o".repeat(512).getBytes(UTF_8))).isTrue();
    assertThat(Openid.isOne("o".repeat(513).getBytes(UTF_8))).isFalse();
    assertThat(Openid.flaw("o".repeat(513).getBytes(UTF_8))).contains("longer than 512 bytes");
    assertThat(Openid.flaw(new byte[] {'o', (byte) 0xC0, (byte) 0x80})).isEqualTo("is not UTF-8");
    assertThat(Openid.flaw(null)).isEqualTo("is null");
  }
}
