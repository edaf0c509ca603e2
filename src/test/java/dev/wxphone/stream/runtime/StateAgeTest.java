package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateAgeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  private final Path directory;

  StateAgeTest(@TempDir Path temporary) throws IOException {
    directory = temporary.resolve("app");
    new StateDirectory(directory).create();
  }

  @ParameterizedTest(name = "away for {0}, tombstones kept for {1}: {2}")
  @CsvSource({
    "PT0S,     P7D,  true",
    "P3D,      P7D,  true",
    "PT83H59M, P7D,  true",
    "PT84H,    P7D,  false",
    "P300D,    P7D,  false",
    "PT11H,    PT24H, true",
    "PT12H,    PT24H, false",
    "PT0S,     PT0S, false",
    "-PT5M,    P7D,  true",
    "-PT6M,    P7D,  false",
    "P300D,    PT2562047788015H, true",
  })
  void state_is_believed_for_half_as_long_as_tombstones_are_kept(
      Duration away, Duration kept, boolean believed) {
    assertThat(StateAge.isUsable(NOW.minus(away), NOW, kept)).isEqualTo(believed);
  }

  @Test
  void where_there_is_no_state_none_is_too_old() throws IOException {
    assertThat(age().isTooOld(NOW)).isFalse();
  }

  @Test
  void what_was_noted_last_counts() throws IOException {
    age().begin(NOW);
    state();
    assertThat(age().isTooOld(NOW.plus(Duration.ofDays(4)))).isTrue();
    age().follows(NOW.plus(Duration.ofDays(3)), false);
    assertThat(age().isTooOld(NOW.plus(Duration.ofDays(4)))).isFalse();
  }

  @Test
  void it_is_noted_once_a_minute_and_at_the_end() throws IOException {
    StateAge age = age();
    age.begin(NOW);
    age.follows(NOW.plusSeconds(59), false);
    assertThat(noted()).isEqualTo(NOW);
    age.follows(NOW.plusSeconds(60), false);
    assertThat(noted()).isEqualTo(NOW.plusSeconds(60));
    age.follows(NOW.plusSeconds(61), true);
    assertThat(noted()).isEqualTo(NOW.plusSeconds(61));
  }

  @Test
  void a_process_that_was_halted_for_long_says_no_more_that_its_state_follows() throws IOException {
    StateAge age = age();
    age.begin(NOW);
    age.follows(NOW.plus(WEEK), false);
    age.follows(NOW.plus(WEEK).plusSeconds(60), true);
    assertThat(noted()).isEqualTo(NOW);
  }

  @Test
  void state_that_an_earlier_version_left_is_as_old_as_its_last_start() throws IOException {
    state();
    assertThat(age().isTooOld(NOW)).as("nobody knows").isTrue();
    Path origin = Files.writeString(directory.resolve("origin"), "cluster=c");
    Files.setLastModifiedTime(origin, FileTime.from(NOW.minus(Duration.ofDays(3))));
    assertThat(age().isTooOld(NOW)).isFalse();
    Files.setLastModifiedTime(origin, FileTime.from(NOW.minus(Duration.ofDays(4))));
    assertThat(age().isTooOld(NOW)).isTrue();
  }

  @Test
  void a_note_that_is_damaged_is_none() throws IOException {
    state();
    Files.writeString(directory.resolve("followed"), "yesterday");
    assertThat(age().isTooOld(NOW)).isTrue();
  }

  private StateAge age() {
    return new StateAge(new StateDirectory(directory), WEEK);
  }

  private void state() throws IOException {
    Files.createDirectory(directory.resolve("0_3"));
  }

  private Instant noted() throws IOException {
    return Instant.ofEpochMilli(Long.parseLong(Files.readString(directory.resolve("followed"))));
  }
}
