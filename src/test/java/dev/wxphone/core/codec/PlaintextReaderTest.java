package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import dev.wxphone.core.domain.Watermark;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
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
  @ValueSource(
      strings = {
        "{}",
        "",
        "text",
        "\u5E26",
        "{\"x\":1,\"x\":1}",
        "{}{}",
        "{\"appid\":\"wx1\"}",
        "{\"watermark\":\"wx1\"}",
        "{\"x\":{\"watermark\":{\"appid\":\"wx1\"}}}",
        "{\"watermark\":{\"appid\":1}}",
        "{\"watermark\":{\"appid\":\"wx1\"}},",
        "[{\"watermark\":{\"appid\":\"wx1\"}}]"
      })
  void what_is_not_one_object_with_the_watermark_of_an_app_is_noise(String text) {
    assertThatObject(read(text)).isEqualTo(new Plaintext.Noise());
  }

  @Test
  void one_object_with_the_watermark_of_an_app_and_no_number_is_of_that_app() {
    assertThatObject(read("{\"watermark\":{\"appid\":\"wx1\"}}"))
        .isEqualTo(new Plaintext.Other("wx1"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"00", "7b007d00", "1f41", "417f", "c0af", "ff", "e5b8", "eda080"})
  void what_nobody_writes_is_noise(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatObject(PlaintextReader.read(bytes, bytes.length)).isEqualTo(new Plaintext.Noise());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "r\":\"1\",\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        "\":\"1\",\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        "\"r\":\"1\",\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        ":\"1\",\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        "{},\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        "86\",\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        "86,\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        ",\"watermark\":{\"appid\":\"wx1\"}} | wx1",
        "imestamp\":1,\"appid\":\"wx1\"}} | wx1",
        "ppid\":\"wx1\",\"timestamp\":1}} | wx1",
        ",\"watermark\":{\"appid\":\"wx1\"} |",
        ",\"watermark\":{\"appid\":\"wx1\"}}} |",
        ",\"watermark\":{\"appid\":\"wx1\",\"appid\":\"wx1\"}} |",
        ",\"water\":{\"appid\":\"wx1\"}} |",
        "a text that ends in } |",
      })
  void the_rest_of_an_object_is_of_the_app_of_its_watermark(String rest, @Nullable String appid) {
    byte[] bytes = (" ".repeat(16) + rest + "\3\3\3").getBytes(UTF_8);
    assertThat(PlaintextReader.appidInRest(bytes, 16, bytes.length - 3)).isEqualTo(appid);
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
