package dev.wxphone.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import dev.wxphone.domain.Watermark;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaintextReaderTest {
  private static final String RIGHT =
      """
      {"phoneNumber":"13580006666","purePhoneNumber":"13580006666","countryCode":86,\
      "watermark":{"appid":"wx1","timestamp":"1477314187"}}""";

  private static final PhoneClaim CLAIM =
      new PhoneClaim("13580006666", "13580006666", "86", new Watermark("wx1", 1_477_314_187));

  @Test
  void only_the_first_bytes_are_read() {
    assertThatObject(PlaintextReader.read((RIGHT + "\3\3\3").getBytes(UTF_8), RIGHT.length()))
        .isEqualTo(new Plaintext.Phone(CLAIM));
    assertThatObject(read(RIGHT + "\3\3\3")).isEqualTo(new Plaintext.Noise());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"{}", "", "text", "\ttext\r\n", "\u5E26", "{\"x\":1,\"x\":1}", "{}{}"})
  void what_someone_wrote_is_a_text(String text) {
    assertThatObject(read(text)).isEqualTo(new Plaintext.OtherText());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"00", "7b007d00", "1f41", "417f", "c0af", "ff", "e5b8", "eda080"})
  void what_nobody_writes_is_noise(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatObject(PlaintextReader.read(bytes, bytes.length)).isEqualTo(new Plaintext.Noise());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "e5b8a631323334353637383930313233347d, true", // 带 and 15 characters
    "a631323334353637383930313233343536377d, true", // the end of a character, then 17
    "b8a6313233343536373839303132333435367d, true",
    "80808031323334353637383930313233343536377d, true", // the end of one of 4 bytes
    "8080808031323334353637383930313233343536377d, false",
    "313233343536373839303132333435367d, true",
    "3132333435363738393031323334357d0a, true",
    "3132333435363738393031323334357d, true", // 16
    "31323334353637383930313233347d, false", // 15
    "a63132333435363738393031323334357d, true", // 16 behind the end of a character
    "a631323334353637383930313233347d, false", // 15
    "313233343536373839303132333435365d, false", // no brace
    "313233343536003839303132333435367d, false", // nobody writes a zero
    "3132333435367f3839303132333435367d, false",
    "313233343536ff3839303132333435367d, false"
  })
  void the_rest_of_an_object_is_16_readable_bytes_and_a_brace(String hex, boolean isRest) {
    byte[] rest = HexFormat.of().parseHex(hex);
    byte[] bytes = new byte[16 + rest.length + 3];
    System.arraycopy(rest, 0, bytes, 16, rest.length);
    assertThat(PlaintextReader.isRestOfObject(bytes, 16, 16 + rest.length)).isEqualTo(isRest);
  }

  @Test
  void neither_a_claim_nor_its_plaintext_shows_a_number() {
    assertThat(new Plaintext.Phone(CLAIM).toString()).doesNotContainPattern("[0-9]");
    assertThat(CLAIM.toString()).doesNotContainPattern("[0-9]");
  }

  private static Plaintext read(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return PlaintextReader.read(bytes, bytes.length);
  }
}
