package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserStateFormatTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void no_bytes_are_an_unknown_user() {
    assertThat(UserStateFormat.read(null)).isEqualTo(UserState.UNKNOWN);
  }

  @Test
  void the_stored_form_is_what_the_javadoc_says() {
    UserState state =
        new UserState(
            List.of(
                SessionKey.of(HEX.parseHex("000102030405060708090a0b0c0d0e0f"), "wx1"),
                SessionKey.of(HEX.parseHex("ffffffffffffffffffffffffffffffff"), null)),
            "带",
            1_477_314_187,
            UserState.NEVER);
    assertThat(HEX.formatHex(UserStateFormat.write(state)))
        .isEqualTo(
            "01"
                + "00000000580e068b"
                + "8000000000000000"
                + "00000003e5b8a6"
                + "02"
                + "00000102030405060708090a0b0c0d0e0f00000003777831"
                + "00ffffffffffffffffffffffffffffffffffffffff");
  }

  @Test
  void the_last_logout_and_what_was_stale_follow_where_they_are() {
    UserState without = new UserState(List.of(), null, 1, 2);
    byte[] before = UserStateFormat.write(without);
    UserState with = new UserState(List.of(), null, 1, 2, 3, List.of(4L, 5L));
    assertThat(HEX.formatHex(UserStateFormat.write(with)))
        .isEqualTo(
            HEX.formatHex(before)
                + "0000000000000003"
                + "0002"
                + "0000000000000004"
                + "0000000000000005");
    assertThat(UserStateFormat.read(before)).isEqualTo(without);
    UserState loggedOut = without.loggedOut(3);
    assertThat(UserStateFormat.read(UserStateFormat.write(loggedOut))).isEqualTo(loggedOut);
    UserState stale = new UserState(List.of(), null, 1, 2, UserState.NEVER, List.of(4L));
    assertThat(UserStateFormat.read(UserStateFormat.write(stale))).isEqualTo(stale);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void any_state_comes_back_as_it_was_written(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      UserState state = anyState(random);
      byte[] bytes = UserStateFormat.write(state);
      assertThat(UserStateFormat.read(bytes)).as("seed %d, state %d", seed, i).isEqualTo(state);
      assertThat(UserStateFormat.write(UserStateFormat.read(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void as_many_keys_as_the_count_can_say_come_back() {
    Random random = new Random(1);
    List<SessionKey> keys = new ArrayList<>();
    for (int i = 0; i < 255; i++) {
      keys.add(anyKey(random));
    }
    UserState state = new UserState(keys, null, 0, 0);
    assertThat(UserStateFormat.read(UserStateFormat.write(state))).isEqualTo(state);
  }

  @ParameterizedTest(name = "version {0}")
  @ValueSource(ints = {0, 2, 127, 128, 255})
  void another_version_is_not_guessed_at(int version) {
    byte[] bytes = UserStateFormat.write(UserState.UNKNOWN);
    bytes[0] = (byte) version;
    assertThatThrownBy(() -> UserStateFormat.read(bytes))
        .isInstanceOf(UnknownFormatException.class)
        .hasMessageContaining("version " + version);
  }

  @Test
  void a_value_without_bytes_is_no_version_that_we_know() {
    assertThatThrownBy(() -> UserStateFormat.read(new byte[0]))
        .isInstanceOf(UnknownFormatException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5})
  void bytes_that_are_cut_short_are_an_illegal_state(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      UserState state = anyState(random);
      byte[] bytes = UserStateFormat.write(state);
      UserState older =
          new UserState(
              state.keys(), state.unionid(), state.newestWatermark(), state.forgottenAt());
      int withoutMore = UserStateFormat.write(older).length;
      for (int length = 1; length < bytes.length; length++) {
        if (length == withoutMore) {
          // The whole of what an older program writes.
          continue;
        }
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> UserStateFormat.read(cut))
            .as("seed %d, state %d, %d bytes", seed, i, length)
            .isExactlyInstanceOf(IllegalStateException.class);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {6, 7})
  void any_bytes_are_a_state_or_one_of_two_exceptions(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = UserStateFormat.write(anyState(random));
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        UserStateFormat.read(bytes);
      } catch (UnknownFormatException | IllegalStateException expected) {
        assertThat(expected).hasMessageStartingWith("a stored ");
      } catch (RuntimeException e) {
        fail("seed " + seed + ": " + HEX.formatHex(bytes), e);
      }
    }
  }

  private static UserState anyState(Random random) {
    List<SessionKey> keys = new ArrayList<>();
    for (int count = random.nextInt(5); count > 0; count--) {
      keys.add(anyKey(random));
    }
    List<Long> staleAt =
        random.nextBoolean() ? List.of() : random.longs(random.nextInt(60)).boxed().toList();
    return new UserState(
        keys, anyText(random), anyTime(random), anyTime(random), anyTime(random), staleAt);
  }

  private static SessionKey anyKey(Random random) {
    byte[] bytes = new byte[SessionKey.LENGTH];
    random.nextBytes(bytes);
    return SessionKey.of(bytes, anyText(random));
  }

  private static long anyTime(Random random) {
    return random.nextBoolean() ? UserState.NEVER : random.nextLong();
  }

  private static @Nullable String anyText(Random random) {
    if (random.nextInt(3) == 0) {
      return null;
    }
    int[] points =
        random
            .ints(random.nextInt(20), 0, 0x110000)
            .filter(c -> c < 0xD800 || c > 0xDFFF)
            .toArray();
    String text = new String(points, 0, points.length);
    assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
    return text;
  }
}
