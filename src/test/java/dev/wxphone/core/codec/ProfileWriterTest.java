package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.Watermark;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileWriterTest {
  private static final int PROFILES = 100_000;

  @Test
  void a_full_profile_has_every_field_in_this_order() {
    Profile profile =
        new Profile(
            "o\u5E261",
            "u\"1",
            "wx1",
            "+8613580006666",
            "13580006666",
            "86",
            "+8613580006666",
            "CN",
            "MOBILE",
            new Watermark("wx1", 1_477_314_187),
            2,
            List.of(
                Repair.PERCENT_ENCODED,
                Repair.SPACE_FOR_PLUS,
                Repair.URL_SAFE,
                Repair.LINE_BREAKS,
                Repair.MISSING_PADDING,
                Repair.IV_IGNORED));
    assertThat(ProfileWriter.write(profile))
        .isEqualTo(
            """
            {"openid":"o带1","unionid":"u\\"1","appid":"wx1",\
            "phoneNumber":"+8613580006666","purePhoneNumber":"13580006666","countryCode":"86",\
            "e164":"+8613580006666","region":"CN","numberType":"MOBILE",\
            "watermark":{"appid":"wx1","timestamp":1477314187},"sessionKeyAge":2,\
            "repairs":["percent-encoded","space-for-plus","url-safe","line-breaks",\
            "missing-padding","iv-ignored"]}"""
                .getBytes(UTF_8));
  }

  @Test
  void a_minimal_profile_leaves_out_what_there_is_not() {
    Profile profile =
        new Profile(
            "o1",
            null,
            "wx1",
            "1234567",
            "1234567",
            "999",
            "+9991234567",
            null,
            "UNKNOWN",
            new Watermark("wx1", 0),
            0,
            List.of());
    assertThat(ProfileWriter.write(profile))
        .isEqualTo(
            """
            {"openid":"o1","appid":"wx1",\
            "phoneNumber":"1234567","purePhoneNumber":"1234567","countryCode":"999",\
            "e164":"+9991234567","numberType":"UNKNOWN",\
            "watermark":{"appid":"wx1","timestamp":0},"sessionKeyAge":0}"""
                .getBytes(UTF_8));
  }

  @Test
  void the_plain_way_writes_the_same_or_nothing() {
    Random random = new Random(7);
    int plain = 0;
    for (int i = 0; i < PROFILES; i++) {
      Profile profile =
          new Profile(
              text(random),
              random.nextBoolean() ? null : text(random),
              text(random),
              text(random),
              text(random),
              text(random),
              text(random),
              random.nextBoolean() ? null : text(random),
              text(random),
              new Watermark(text(random), random.nextLong()),
              random.nextInt(),
              Arrays.asList(Repair.values()).subList(0, random.nextInt(Repair.values().length)));
      byte[] written = PlainProfileWriter.write(profile);
      if (written != null) {
        plain++;
        assertThat(written).as("profile %d", i).isEqualTo(ProfileWriter.writeEscaped(profile));
      }
    }
    assertThat(plain).isBetween(PROFILES / 10, PROFILES - PROFILES / 10);
  }

  /** Of any length, and once in a while with a character that JSON or UTF-8 writes otherwise. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append((char) (' ' + random.nextInt('~' - ' ')));
    }
    String plain = text.toString().replace('"', ' ').replace('\\', ' ');
    return random.nextInt(20) == 0
        ? plain + "\"\\\0\n\u001F\u007F\u0080\u00FFĀ带".charAt(random.nextInt(10))
        : plain;
  }
}
