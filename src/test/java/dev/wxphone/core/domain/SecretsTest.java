package dev.wxphone.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final String BASE64 = "tiihtNczf5v6AKRyjwEUhQ==";
  private static final byte[] BYTES = Base64.getDecoder().decode(BASE64);
  private static final SessionKey KEY = SessionKey.of(BYTES, "wx1");

  @Test
  void a_session_key_never_shows_itself() {
    Login login = new Login(KEY, "u1");
    UserState state = UserState.UNKNOWN.loggedIn(login, 3);
    for (Object holder : List.of(KEY, login, state)) {
      assertThat(holder.toString())
          .contains("SessionKey[****, appid=wx1]")
          .doesNotContain(BASE64, HexFormat.of().formatHex(BYTES), "-74", "182");
    }
  }

  @Test
  void a_profile_never_shows_its_number_or_its_person() {
    Profile profile =
        new Profile(
            "o1",
            "u1",
            "wx",
            "+8613580006666",
            "13580006666",
            "86",
            "+8613580006666",
            "CN",
            "MOBILE",
            new Watermark("wx", 1_477_314_187),
            0,
            List.of(Repair.IV_IGNORED));
    for (Object holder : List.of(profile, new Verdict.Proven(profile))) {
      assertThat(holder.toString())
          .contains("Profile[****")
          .doesNotContain("1358", "6666", "86", "o1", "u1");
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 15, 17, 24, 32})
  void a_session_key_has_16_bytes(int length) {
    assertThatThrownBy(() -> SessionKey.of(new byte[length], null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid session key of %d bytes; only 16-byte keys are supported".formatted(length));
  }

  @Test
  void a_session_key_does_not_change_with_the_bytes_it_was_made_of_or_gave() {
    byte[] given = BYTES.clone();
    SessionKey key = SessionKey.of(given, "wx1");
    given[0] = 0;
    key.revealBytes()[1] = 0;
    assertThat(key.revealBytes()).isEqualTo(BYTES);
  }

  @Test
  void session_keys_are_distinct_by_their_bytes_and_equal_with_their_appid_too() {
    SessionKey ofOtherApp = SessionKey.of(BYTES, "wx2");
    SessionKey other = SessionKey.of(new byte[16], "wx1");
    assertThat(KEY.sameBytes(ofOtherApp)).isTrue();
    assertThat(KEY.sameBytes(other)).isFalse();
    assertThat(KEY)
        .isEqualTo(SessionKey.of(BYTES, "wx1"))
        .hasSameHashCodeAs(SessionKey.of(BYTES, "wx1"))
        .isNotEqualTo(ofOtherApp)
        .isNotEqualTo(SessionKey.of(BYTES, null))
        .isNotEqualTo(other);
  }
}
