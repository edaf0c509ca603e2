package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.MALFORMED_SESSION_KEY;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.store.UserStateFormat;
import dev.wxphone.topics.Changelogs;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of an openid, as its clicks show it. Nobody waits here. */
class SessionKeysTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final SessionKey C = Clicks.key(3);
  private static final SessionKey D = Clicks.key(4);

  private static TestStream.Given hasty() {
    return TestStream.given().setting("wxphone.session.wait", "PT0S");
  }

  private static int age(TestStream stream, SessionKey key) {
    stream.click(key);
    return stream.profile().sessionKeyAge();
  }

  @Test
  void keys_are_in_order_of_arrival_whatever_their_timestamps() {
    try (TestStream stream = hasty().start()) {
      stream.sessionKey(Sent.login(OPENID, A).at(TestStream.START));
      stream.sessionKey(Sent.login(OPENID, B).at(TestStream.START - 86_400_000));
      stream.sessionKey(Sent.login(OPENID, C).at(TestStream.START + 3_000_000));
      assertThat(age(stream, C)).isZero();
      assertThat(age(stream, B)).isEqualTo(1);
      assertThat(age(stream, A)).isEqualTo(2);
    }
  }

  @Test
  void one_more_key_than_the_limit_drops_the_oldest() {
    try (TestStream stream = hasty().setting("wxphone.session.keys", "2").start()) {
      stream.login(A);
      stream.login(B);
      assertThat(age(stream, A)).isEqualTo(1);
      stream.login(C);
      assertThat(age(stream, B)).isEqualTo(1);
      stream.click(A);
      Answer letter = stream.letter(SESSION_KEY_STALE);
      assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("2");
    }
  }

  @Test
  void a_key_published_again_counts_once_and_moves_to_the_front() {
    try (TestStream stream = hasty().start()) {
      stream.login(A);
      stream.login(B);
      stream.login(C);
      stream.login(C);
      stream.login(A);
      assertThat(age(stream, A)).isZero();
      assertThat(age(stream, C)).isEqualTo(1);
      assertThat(age(stream, B)).isEqualTo(2);
      stream.login(D);
      stream.click(B);
      stream.letter(SESSION_KEY_STALE);
    }
  }

  @Test
  void a_key_published_again_brings_its_appid() {
    try (TestStream stream = hasty().setting("wxphone.appids", "wxOther," + Clicks.APPID).start()) {
      stream.login(Clicks.key(1, "wxOther"));
      stream.click(A);
      stream.letter(Reason.APPID_MISMATCH);
      stream.login(A);
      assertThat(age(stream, A)).isZero();
    }
  }

  @Test
  void a_logout_forgets_every_key_and_profiles_stay_in_order_after_it() {
    try (TestStream stream = hasty().start()) {
      stream.login(A);
      stream.login(B);
      click(stream, B, Clicks.SECONDS);
      stream.profile();
      stream.logout();
      stream.nothing();
      for (SessionKey key : new SessionKey[] {A, B}) {
        stream.click(key);
        assertThat(stream.letter(SESSION_KEY_MISSING).header(HeaderNames.KEYS_TRIED))
            .isEqualTo("0");
      }
      stream.login(A);
      click(stream, A, Clicks.SECONDS - 1);
      stream.letter(SUPERSEDED);
      click(stream, A, Clicks.SECONDS);
      stream.profile();
    }
  }

  private static void click(TestStream stream, SessionKey key, long watermark) {
    stream.payload(
        Sent.of(OPENID, Clicks.under(key).plaintext(Plaintexts.phone().timestamp(watermark))));
  }

  @Test
  void of_the_logout_of_an_unknown_openid_its_instant_stays() {
    try (TestStream stream = hasty().start()) {
      stream.logout();
      stream.nothing();
      assertThat(
              UserStateFormat.read(
                  stream.stored(Changelogs.USERS).get(Bytes.wrap(OPENID.getBytes(UTF_8)))))
          .isEqualTo(UserState.UNKNOWN.loggedOut(stream.now()).active(stream.now()));
    }
  }

  @Test
  void keys_of_one_openid_are_not_those_of_another() {
    try (TestStream stream = hasty().start()) {
      stream.login(A);
      String other = TestStream.HOME.get(1);
      stream.payload(Sent.of(other, Clicks.under(A)));
      stream.letter(SESSION_KEY_MISSING);
      stream.sessionKey(Sent.logout(other));
      assertThat(age(stream, A)).isZero();
    }
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("no JSON", Sent.of(OPENID, "session_key")),
        Arguments.of("no key", Sent.of(OPENID, "{\"appid\":\"wx\"}")),
        Arguments.of(
            "15 bytes",
            Sent.of(OPENID, "{\"appid\":\"wx\",\"session_key\":\"AAAAAAAAAAAAAAAAAAAA\"}")),
        Arguments.of("error of WeChat", Sent.of(OPENID, "{\"errcode\":40029,\"appid\":\"wx\"}")),
        Arguments.of("no appid", Sent.login(OPENID, Clicks.key(9, null))),
        Arguments.of(
            "another openid",
            Sent.of(
                OPENID,
                new String(Sent.login("o4", D).value(), java.nio.charset.StandardCharsets.UTF_8))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void a_bad_session_key_is_a_letter_and_harms_nothing(String name, Sent bad) {
    try (TestStream stream = TestStream.start()) {
      stream.login(A);
      stream.login(B);
      stream.click(C);
      String source = stream.sessionKey(bad);
      Answer letter = stream.letter(MALFORMED_SESSION_KEY);
      assertThat(letter.source()).as(name).isEqualTo(source);
      assertThat(letter.header(HeaderNames.RECOVERY)).isEqualTo("never");
      assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("0");
      assertThat(letter.value()).isNull();
      assertThat(letter.key()).isEqualTo(bad.key());
      assertThat(letter.header(HeaderNames.WITHHELD)).isEqualTo(bad.valueSize());
      assertThat(age(stream, B)).isZero();
      assertThat(age(stream, A)).isEqualTo(1);
      assertThat(stream.counts().waitingPayloads()).isEqualTo(1);
      stream.login(C);
      stream.profile();
    }
  }

  @Test
  void a_session_key_without_appid_will_do_where_ours_are_set() {
    try (TestStream stream = hasty().setting("wxphone.appids", Clicks.APPID).start()) {
      stream.login(Clicks.key(1, null));
      assertThat(age(stream, A)).isZero();
    }
  }

  @Test
  void the_unionid_is_the_newest_non_empty_one_and_stays_after_a_logout() {
    try (TestStream stream = hasty().start()) {
      stream.login(A);
      assertThat(unionid(stream)).isNull();
      stream.sessionKey(Sent.login(OPENID, A, "u1"));
      assertThat(unionid(stream)).isEqualTo("u1");
      stream.sessionKey(Sent.login(OPENID, B, ""));
      stream.login(A);
      assertThat(unionid(stream)).isEqualTo("u1");
      stream.sessionKey(Sent.login(OPENID, B, "u2"));
      assertThat(unionid(stream)).isEqualTo("u2");
      stream.logout();
      stream.login(A);
      assertThat(unionid(stream)).isEqualTo("u2");
    }
  }

  private static String unionid(TestStream stream) {
    stream.click(A);
    return stream.profile().json().path("unionid").textValue();
  }
}
