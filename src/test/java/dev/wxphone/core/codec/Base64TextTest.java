package dev.wxphone.core.codec;

import static dev.wxphone.core.domain.Repair.ESCAPED_SLASHES;
import static dev.wxphone.core.domain.Repair.LINE_BREAKS;
import static dev.wxphone.core.domain.Repair.MISSING_PADDING;
import static dev.wxphone.core.domain.Repair.PERCENT_ENCODED;
import static dev.wxphone.core.domain.Repair.SPACE_FOR_PLUS;
import static dev.wxphone.core.domain.Repair.URL_SAFE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.wxphone.core.domain.Repair;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64TextTest {
  private static final List<Repair> OF_TEXT =
      List.of(
          LINE_BREAKS, ESCAPED_SLASHES, PERCENT_ENCODED, SPACE_FOR_PLUS, URL_SAFE, MISSING_PADDING);

  private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^A-Za-z0-9]");

  /** Every character that can suffer: {@code +/v7+/v7+/v7+/v7+/v7+w==}. */
  private static final byte[] BYTES = filled(16, 0xFB);

  @ParameterizedTest(name = "{0} bytes")
  @MethodSource("lengths")
  void base64_of_any_bytes_needs_no_repair(int length) {
    Random random = new Random(length);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    assertThat(Base64Text.decode(Base64.getEncoder().encodeToString(bytes), is(length), repairs))
        .isEqualTo(bytes);
    assertThat(repairs).isEmpty();
  }

  static IntStream lengths() {
    return IntStream.rangeClosed(0, 64);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void each_damage_and_all_of_them_together_are_repaired_and_named(Set<Repair> damages) {
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    assertThat(Base64Text.decode(damaged(damages), is(16), repairs)).isEqualTo(BYTES);
    assertThat(repairs).isEqualTo(damages);
  }

  static Stream<Set<Repair>> damages() {
    return IntStream.range(0, 1 << OF_TEXT.size())
        .mapToObj(
            bits -> {
              Set<Repair> damages = EnumSet.noneOf(Repair.class);
              IntStream.range(0, OF_TEXT.size())
                  .filter(i -> (bits & 1 << i) != 0)
                  .forEach(i -> damages.add(OF_TEXT.get(i)));
              return damages;
            });
  }

  private static String damaged(Set<Repair> damages) {
    String text = Base64.getEncoder().encodeToString(BYTES);
    if (damages.contains(MISSING_PADDING)) {
      text = text.replace("=", "");
    }
    if (damages.contains(LINE_BREAKS)) {
      text = text.substring(0, 8) + "\r\n" + text.substring(8) + "\n";
    }
    if (damages.contains(ESCAPED_SLASHES)) {
      text = text.replaceFirst("/", "\\\\\\\\/");
    }
    if (damages.contains(URL_SAFE)) {
      // One of the slashes is left to be escaped.
      int last = text.lastIndexOf('/');
      text = text.substring(0, last) + '_' + text.substring(last + 1);
    }
    if (damages.contains(SPACE_FOR_PLUS)) {
      text = text.replace('+', ' ');
    }
    return damages.contains(PERCENT_ENCODED)
        ? NOT_ALPHANUMERIC
            .matcher(text)
            .replaceAll(c -> "%%%02X".formatted((int) c.group().charAt(0)))
        : text;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "QUJD, ABC, ''",
    "QQ==, A, ''",
    "QQ=, A, missing-padding",
    "QQ, A, missing-padding",
    "QUI, AB, missing-padding",
    "QQ%3D%3D, A, percent-encoded",
    "QQ%3d=, A, percent-encoded",
    "%51%51%3D%3D, A, percent-encoded",
    "QQ%3D, A, 'percent-encoded missing-padding'",
    "'QUJD\n', ABC, line-breaks",
    "'\r\rQUJD', ABC, line-breaks",
    "QUJD%0A, ABC, 'line-breaks percent-encoded'",
    "' QUJD ', ABC, line-breaks",
    "'QU JD', ABC, line-breaks",
    "'QU\tJD', ABC, line-breaks",
    "'', '', ''",
  })
  void text_gives_these_bytes_by_these_repairs(String text, String bytes, String repairs) {
    Set<Repair> needed = EnumSet.noneOf(Repair.class);
    assertThat(Base64Text.decode(text, is(bytes.length()), needed))
        .isEqualTo(bytes.getBytes(US_ASCII));
    assertThat(needed.stream().map(Repair::text))
        .isEqualTo(repairs.isEmpty() ? List.of() : List.of(repairs.split(" ", -1)));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "=",
        "==",
        "====",
        "A",
        "A=",
        "A==",
        "A===",
        "QUJDQ",
        "QUJD=",
        "QUJD==",
        "QUJD====",
        "Q=JD",
        "QQ==QQ==",
        "=QUJ",
        "QU*D",
        "QU.D",
        "QU\u0000D",
        "QUJD\"",
        "\u5E26QUJ",
        "QUJ\uFF24",
        "%",
        "QQ%",
        "QQ%3",
        "QQ%zz",
        "QQ%253D%253D",
        "%\uFF13\uFF24QQ",
        "%80QUJ",
        "QUJD    QUJDQ",
        "data:;base64,QUJD",
        "175,176,87",
        "null ===",
        "\\\\",
        "QU\\D"
      })
  void what_no_repair_makes_base64_stays_refused(String text) {
    assertThat(Base64Text.decode(text, length -> true, EnumSet.noneOf(Repair.class))).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void any_text_gives_bytes_or_nothing(long seed) {
    Random random = new Random(seed);
    String alphabet = "ABab01+/-_ =%2B3D\r\n\u00E9";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(24); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Set<Repair> repairs = EnumSet.noneOf(Repair.class);
      byte[] bytes = Base64Text.decode(text.toString(), length -> length % 2 == 0, repairs);
      if (bytes != null && repairs.isEmpty()) {
        assertThat(text.length())
            .as("seed %d: %s", seed, text)
            .isEqualTo((bytes.length + 2) / 3 * 4);
      }
      assertThat(repairs).as("seed %d: %s", seed, text).doesNotContain(Repair.IV_IGNORED);
    }
  }

  /** By the length: a space may stand for a plus, or for nothing. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "' /v7+/v7+/v7+/v7+/v7+w==', space-for-plus",
    "'+/v7 /v7 /v7 /v7 /v7 w==', space-for-plus",
    "' +/v7 /v7+/v7+/v7+/v7+w== ', 'line-breaks space-for-plus'",
    "'+/v7+/v7 +/v7+/v7+/v7+w==', line-breaks",
    "' /v7+/v7+/v7+/v7+/v7+w', 'space-for-plus missing-padding'",
    "' /v7+/v7+/v7+/v7+/v7+w==\n', 'line-breaks space-for-plus'",
  })
  void what_a_space_stands_for_is_told_by_the_length(String text, String repairs) {
    Set<Repair> needed = EnumSet.noneOf(Repair.class);
    assertThat(Base64Text.decode(text, is(16), needed)).isEqualTo(BYTES);
    assertThat(needed.stream().map(Repair::text)).isEqualTo(List.of(repairs.split(" ", -1)));
  }

  @Test
  void repairs_in_vain_are_not_named() {
    Set<Repair> needed = EnumSet.noneOf(Repair.class);
    assertThat(Base64Text.decode("QUJD%0A", is(16), needed)).isNull();
    assertThat(needed).isEmpty();
  }

  /** Else a sender could hold up the others. */
  @Test
  void long_runs_are_read_in_no_time() {
    for (String run : List.of("\\\\", " ", "%", "%5C", "=")) {
      String text = run.repeat(64 * 1024 / run.length());
      assertTimeout(
          Duration.ofSeconds(1),
          () -> {
            assertThat(Base64Text.decode(text, is(16), EnumSet.noneOf(Repair.class))).isNull();
          });
    }
  }

  private static IntPredicate is(int expected) {
    return length -> length == expected;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
