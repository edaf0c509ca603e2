package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.CODE_ONLY;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WATERMARK_EXPIRED;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What backends and clients in the wild publish. */
class RealInputsTest {
  private static final SessionKey KEY = Clicks.key(1);

  @Test
  void the_letter_of_a_refusal_has_its_errno() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.of(OPENID, "{\"errno\":104,\"errMsg\":\"x\"}"));
      assertThat(stream.letter(USER_DENIED).header(HeaderNames.ERRNO)).isEqualTo("104");
      stream.payload(Sent.of(OPENID, "{\"errMsg\":\"user deny\"}"));
      assertThat(stream.letter(USER_DENIED).header(HeaderNames.ERRNO)).isNull();
    }
  }

  @Test
  void a_letter_says_until_when_its_code_can_be_exchanged() {
    String until = Instant.ofEpochMilli(START).plus(Duration.ofMinutes(5)).toString();
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.of(OPENID, "{\"code\":\"c\"}"));
      assertThat(stream.letter(CODE_ONLY).header(HeaderNames.CODE_UNTIL)).isEqualTo(until);
      stream.payload(Sent.of(OPENID, "{\"code\":\"c\"}").at(START - 300_000));
      assertThat(stream.letter(CODE_ONLY).header(HeaderNames.CODE_UNTIL)).isNull();
      // No click is later than its letter, whatever the backend's clock shows.
      stream.payload(Sent.of(OPENID, "{\"code\":\"c\"}").at(START + 1_000_000));
      assertThat(stream.letter(CODE_ONLY).header(HeaderNames.CODE_UNTIL)).isEqualTo(until);
      stream.payload(Sent.of(OPENID, Clicks.under(KEY).field("code", "\"c\"")).at(START));
      stream.advance(Duration.ofSeconds(20));
      assertThat(stream.letter(SESSION_KEY_MISSING).header(HeaderNames.CODE_UNTIL))
          .isEqualTo(until);
    }
  }

  @Test
  void a_stale_letter_says_what_helps_and_how_long() {
    try (TestStream stream = TestStream.start()) {
      stream.login(Clicks.key(2));
      stream.payload(Sent.of(OPENID, Clicks.under(KEY)));
      stream.advance(Duration.ofSeconds(20));
      assertThat(stream.letter(SESSION_KEY_STALE).detail())
          .contains("replay once the login is published; codes live 5 minutes");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "null", " null\n", "\uFEFFnull"})
  void what_serializers_make_of_null_logs_out(String value) {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.sessionKey(Sent.of(OPENID, value));
      stream.payload(Sent.of(OPENID, Clicks.under(KEY)));
      stream.advance(Duration.ofSeconds(20));
      stream.letter(SESSION_KEY_MISSING);
      stream.nothing();
    }
  }

  @Test
  void a_record_time_in_seconds_is_a_click_of_then() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.payload(Sent.of(OPENID, Clicks.under(KEY)).at(START / 1000));
      Answer profile = stream.profile();
      assertThat(profile.json().path("repairs").path(0).asText()).isEqualTo("timestamp-in-seconds");
      assertThat(profile.timestamp()).isEqualTo(START / 1000 * 1000);
      stream.payload(
          Sent.of(OPENID, Clicks.under(KEY)).header(HeaderNames.TIMESTAMP, "" + START / 1000));
      assertThat(stream.profile().json().has("repairs")).isTrue();
    }
  }

  @Test
  void a_letter_keeps_the_record_time_as_it_was() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.of(OPENID, "{\"code\":\"c\"}").at(START / 1000));
      Answer letter = stream.letter(CODE_ONLY);
      assertThat(letter.header(HeaderNames.TIMESTAMP)).isEqualTo("" + START / 1000);
      assertThat(letter.header(HeaderNames.CODE_UNTIL)).isNotNull();
    }
  }

  @Test
  void an_older_record_time_is_said_to_be_wrong() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.payload(Sent.of(OPENID, Clicks.under(KEY)).at(5));
      assertThat(stream.letter(WATERMARK_EXPIRED).detail()).contains("timestamp is wrong");
    }
  }
}
