package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class InstantConverterTest {
  private static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");

  private static Instant read(String text, String zone) {
    return InstantConverter.read(text, NOW, ZoneId.of(zone));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T08:15:30Z, 2026-01-31T08:15:30Z",
    "2026-01-31T08:15:30.250Z, 2026-01-31T08:15:30.250Z",
    "2026-01-31T08:15:00+08:00, 2026-01-31T00:15:00Z",
    "2026-01-31T08:15+08:00, 2026-01-31T00:15:00Z",
    "2026-01-31T08:15:00-03:30, 2026-01-31T11:45:00Z",
    "2026-01-31T08:15:00+01:00[Europe/Berlin], 2026-01-31T07:15:00Z",
  })
  void an_instant_with_an_offset_is_the_same_in_every_zone(String text, Instant instant) {
    assertThat(read(text, "Asia/Shanghai")).isEqualTo(instant);
    assertThat(read(text, "UTC")).isEqualTo(instant);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T08:15, Asia/Shanghai, 2026-01-31T00:15:00Z",
    "2026-01-31T08:15:30.5, UTC, 2026-01-31T08:15:30.5Z",
    "2026-01-31, Asia/Shanghai, 2026-01-30T16:00:00Z",
    "2026-01-31, UTC, 2026-01-31T00:00:00Z",
    // Clocks were put forward: what was never shown is an hour later.
    "2026-03-29T02:30, Europe/Berlin, 2026-03-29T01:30:00Z",
  })
  void a_local_time_is_in_the_given_zone(String text, String zone, Instant instant) {
    assertThat(read(text, zone)).isEqualTo(instant);
  }

  @ParameterizedTest
  @CsvSource({
    "0s, 2026-03-29T12:00:00Z",
    "90s, 2026-03-29T11:58:30Z",
    "15m, 2026-03-29T11:45:00Z",
    "2h, 2026-03-29T10:00:00Z",
    "2H, 2026-03-29T10:00:00Z",
    "7d, 2026-03-22T12:00:00Z",
    "1d12h, 2026-03-28T00:00:00Z",
    "1h30m, 2026-03-29T10:30:00Z",
    "PT2H, 2026-03-29T10:00:00Z",
    "P1D, 2026-03-28T12:00:00Z",
    "p1dt1h, 2026-03-28T11:00:00Z",
  })
  void a_duration_is_back_from_now(String text, Instant instant) {
    assertThat(read(text, "Asia/Shanghai")).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yesterday",
        "now",
        "2",
        "-2h",
        "2w",
        "2h ago",
        "PT",
        "9999999999999999999d",
        "999999999999999d",
        "2026-02-30",
        "2026-13-01T00:00",
        "2026-01-31T25:00",
        "2026-01-31 08:15",
        "08:15",
        "20260131",
        "1769847330",
        "2026-01-31T08:15:30+99:00",
        "2026-01-31T08:15:30[Nowhere]"
      })
  void all_else_is_refused_with_an_example(String text) {
    assertThatThrownBy(() -> read(text, "UTC"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("2026-01-31T08:15")
        .hasMessageContaining("2h");
  }
}
