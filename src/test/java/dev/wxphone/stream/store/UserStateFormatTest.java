package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.wxphone.core.domain.Login;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Watermark;
import java.time.Duration;
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
                SessionKey.of(
                        HEX.parseHex("000102030405060708090a0b0c0d0e0f"), "wx4f4bc4dec97d474b")
                    .at(1_000),
                SessionKey.of(
                        HEX.parseHex("ffffffffffffffffffffffffffffffff"), "wx4f4bc4dec97d474b")
                    .at(700),
                SessionKey.of(HEX.parseHex("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"), "wx1").at(701),
                SessionKey.of(HEX.parseHex("dddddddddddddddddddddddddddddddd"), null).at(701)),
            "带",
            1_477_314_187,
            -1,
            UserState.NEVER,
            List.of(64L, 63L),
            5);
    assertThat(HEX.formatHex(UserStateFormat.write(state)))
        .isEqualTo(
            "02"
                + "2f"
                + "969af0800b"
                + "0a"
                + "0ae5b8a6"
                + "01"
                + "04"
                + "00000102030405060708090a0b0c0d0e0fd00f024f4bc4dec97d474b"
                + "01ffffffffffffffffffffffffffffffffd804"
                + "00eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee010a777831"
                + "00dddddddddddddddddddddddddddddddd0000"
                + "04800101");
    assertThat(UserStateFormat.read(UserStateFormat.write(state))).isEqualTo(state);
    assertThat(HEX.formatHex(UserStateFormat.write(UserState.UNKNOWN))).isEqualTo("020000");
  }

  @Test
  void a_user_with_three_keys_takes_120_bytes() {
    long now = 1_790_000_000_000L;
    UserState state = UserState.UNKNOWN;
    for (int i = 3; i > 0; i--) {
      byte[] key = new byte[SessionKey.LENGTH];
      key[0] = (byte) i;
      SessionKey known =
          SessionKey.of(key, "wx4f4bc4dec97d474b").at(now - i * Duration.ofDays(29).toMillis());
      state = state.loggedIn(new Login(known, "o6_bmasdasdsad6_2sgVt7hMZOPfL"), 3);
    }
    state = state.published(new Watermark("wx4f4bc4dec97d474b", now / 1000)).active(now);
    assertThat(UserStateFormat.write(state)).hasSizeLessThanOrEqualTo(120);
  }

  /** As version 1 of the format wrote them. */
  @Test
  void states_of_the_format_before_are_read() {
    String plain =
        "01"
            + "00000000580e068b"
            + "8000000000000000"
            + "00000003e5b8a6"
            + "02"
            + "00000102030405060708090a0b0c0d0e0f00000003777831"
            + "00ffffffffffffffffffffffffffffffffffffffff";
    UserState state =
        new UserState(
            List.of(
                SessionKey.of(HEX.parseHex("000102030405060708090a0b0c0d0e0f"), "wx1"),
                SessionKey.of(HEX.parseHex("ffffffffffffffffffffffffffffffff"), null)),
            "带",
            1_477_314_187,
            UserState.NEVER);
    assertThat(UserStateFormat.read(HEX.parseHex(plain))).isEqualTo(state);
    String more = "0000000000000003" + "0002" + "0000000000000004" + "0000000000000005";
    assertThat(UserStateFormat.read(HEX.parseHex(plain + more)))
        .isEqualTo(
            new UserState(
                state.keys(),
                state.unionid(),
                state.newestWatermark(),
                state.forgottenAt(),
                3,
                List.of(4L, 5L),
                UserState.NEVER));
    for (int length = 1; length < plain.length() / 2; length++) {
      byte[] cut = HEX.parseHex(plain, 0, 2 * length);
      assertThatThrownBy(() -> UserStateFormat.read(cut))
          .isExactlyInstanceOf(IllegalStateException.class);
    }
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
  @ValueSource(ints = {0, 3, 127, 128, 255})
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
      for (int length = 1; length < bytes.length; length++) {
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
        keys,
        anyText(random),
        anyTime(random),
        anyTime(random),
        anyTime(random),
        staleAt,
        anyTime(random));
  }

  private static SessionKey anyKey(Random random) {
    byte[] bytes = new byte[SessionKey.LENGTH];
    random.nextBytes(bytes);
    return SessionKey.of(bytes, anyText(random)).at(anyTime(random));
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
