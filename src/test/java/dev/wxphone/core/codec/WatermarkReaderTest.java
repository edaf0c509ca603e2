package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Watermark;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatermarkReaderTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -5, 1_477_314_187, Long.MAX_VALUE})
  void the_watermark_of_a_profile_is_read_as_it_is_written(long seconds) {
    Profile profile =
        new Profile(
            "o1",
            null,
            "wx1",
            "13580006666",
            "13580006666",
            "86",
            "+8613580006666",
            "CN",
            "MOBILE",
            new Watermark("wx1", seconds),
            0,
            List.of());
    assertThat(WatermarkReader.read(ProfileWriter.write(profile))).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'watermark':{'timestamp':7}}; 7",
        "{'x':{'timestamp':1},'watermark':{'a':[{'timestamp':2}],'timestamp':7,'b':{}},'y':1}; 7",
        "{'timestamp':1,'watermark':{'timestamp':7}}; 7",
      })
  void the_watermark_is_found_among_other_fields(String json, long seconds) {
    assertThat(WatermarkReader.read(json.replace('\'', '"').getBytes(UTF_8))).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{'timestamp':7}",
        "{'watermark':7}",
        "{'watermark':null}",
        "{'watermark':[{'timestamp':7}]}",
        "{'watermark':{}}",
        "{'watermark':{'timestamp':'7'}}",
        "{'watermark':{'timestamp':7.5}}",
        "{'watermark':{'timestamp':null}}",
        "{'watermark':{'timestamp':9223372036854775808}}",
        "{'watermark':{'timestamp':7}",
        "{'watermark':{'timestamp':7}}{}",
        "{'watermark':{'timestamp':7,'timestamp':8}}",
        "{'watermark':{'timestamp':7},'watermark':{}}"
      })
  void what_has_none_is_older_than_all(String json) {
    assertThat(WatermarkReader.read(json.replace('\'', '"').getBytes(UTF_8)))
        .isEqualTo(UserState.NEVER);
  }

  @Test
  void what_is_not_utf_8_has_none() {
    assertThat(WatermarkReader.read(new byte[] {'{', (byte) 0xFF, '}'})).isEqualTo(UserState.NEVER);
  }
}
