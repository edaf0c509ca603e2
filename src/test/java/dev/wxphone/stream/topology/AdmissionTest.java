package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.INVALID_OPENID;
import static dev.wxphone.core.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.core.domain.Reason.MALFORMED_SESSION_KEY;
import static dev.wxphone.core.domain.Reason.WRONG_PARTITION;
import static dev.wxphone.stream.topology.TestStream.AWAY;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.proof.Clicks;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before its content is looked at, or for its size alone, on either input. */
class AdmissionTest {
  private static final SessionKey KEY = Clicks.key(1);
  private static final byte[] NOT_UTF8 = {'o', (byte) 0xC0, (byte) 0x80};
  private static final int HUGE = 3 * 1024 * 1024;

  private static byte[] bytes(int length) {
    return "x".repeat(length).getBytes(UTF_8);
  }

  /** Of a name of one byte, so of so many bytes in all. */
  private static Sent headers(Sent sent, int bytes) {
    return sent.header("h", bytes(bytes - 1));
  }

  static Stream<Arguments> refused() {
    byte[] click = Clicks.under(KEY).value();
    return Stream.of(
        row("null key", Sent.keyed(null, click), INVALID_OPENID),
        row("null key and null value", Sent.keyed(null, null), INVALID_OPENID),
        row("empty key", Sent.keyed(new byte[0], click), INVALID_OPENID),
        row("513 bytes of key", Sent.keyed(bytes(513), click), INVALID_OPENID),
        row("key that is no UTF-8", Sent.keyed(NOT_UTF8, click), INVALID_OPENID),
        row("key of the stored format's mark", Sent.keyed(new byte[] {-1}, click), INVALID_OPENID),
        row(
            "wrong key, large headers",
            headers(Sent.keyed(NOT_UTF8, click), 40_000),
            INVALID_OPENID),
        row("64 KiB + 1, misplaced", Sent.of(AWAY, bytes(65_537)), WRONG_PARTITION),
        row("headers too large, misplaced", headers(Sent.of(AWAY, click), 32_769), WRONG_PARTITION),
        row(
            "headers too large, misplaced null",
            headers(Sent.logout(AWAY), 32_769),
            WRONG_PARTITION),
        row("64 KiB + 1", Sent.of(OPENID, bytes(65_537)), MALFORMED_PAYLOAD),
        row("headers of 32 KiB + 1", headers(Sent.of(OPENID, click), 32_769), MALFORMED_PAYLOAD),
        row(
            "two headers of 32 KiB",
            headers(headers(Sent.of(OPENID, click), 16_385), 16_384),
            MALFORMED_PAYLOAD),
        row(
            "headers of 32 KiB + 1, null value",
            headers(Sent.logout(OPENID), 32_769),
            MALFORMED_PAYLOAD),
        row("no JSON", Sent.of(OPENID, "no"), MALFORMED_PAYLOAD),
        row("value of 3 MB", Sent.of(OPENID, bytes(HUGE)), MALFORMED_PAYLOAD),
        row("headers of 3 MB", headers(Sent.of(OPENID, click), HUGE), MALFORMED_PAYLOAD),
        row(
            "value and headers of 3 MB",
            headers(Sent.of(OPENID, bytes(HUGE)), HUGE),
            MALFORMED_PAYLOAD),
        row("key of 3 MB", Sent.keyed(bytes(HUGE), click), INVALID_OPENID),
        row("all of 3 MB", headers(Sent.keyed(bytes(HUGE), bytes(HUGE)), HUGE), INVALID_OPENID),
        row("misplaced value of 3 MB", Sent.of(AWAY, bytes(HUGE)), WRONG_PARTITION));
  }

  private static Arguments row(String name, Sent sent, Reason reason) {
    return Arguments.of(name, sent, reason);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("refused")
  void a_refused_payload_becomes_a_letter_that_its_topic_takes(
      String name, Sent sent, Reason reason) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(sent);
      Answer letter = stream.letter();
      assertThat(letter.reason()).isEqualTo(reason);
      assertThat(batchBytes(letter)).isLessThan(OutgoingDeadLetter.MAX_BYTES);
      boolean cut = sizeOf(sent) > OutgoingDeadLetter.MAX_BYTES - 16 * 1024;
      if (cut) {
        assertThat(letter.value()).isNull();
        assertThat(letter.header(HeaderNames.WITHHELD)).isEqualTo(sent.valueSize());
        assertThat(letter.header(HeaderNames.RECOVERY)).isEqualTo("never");
        assertThat(letter.key())
            .isEqualTo(sent.key() != null && sent.key().length == HUGE ? null : sent.key());
      } else {
        assertThat(letter.key()).isEqualTo(sent.key());
        assertThat(letter.value()).isEqualTo(sent.value());
        assertThat(letter.header(HeaderNames.WITHHELD)).isNull();
        assertThat(letter.header(HeaderNames.RECOVERY))
            .isEqualTo(letter.reason().recovery().text());
      }
      stream.nothing();
    }
  }

  private static Sent reroutedPayload(Sent sent) {
    return sent.header(HeaderNames.REROUTED_FROM, "phone-payload-1@7");
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("refused")
  void a_refused_session_key_becomes_a_letter_without_its_value(
      String name, Sent sent, Reason reason) {
    try (TestStream stream = TestStream.start()) {
      String source = stream.sessionKey(sent);
      Answer letter = stream.letter();
      assertThat(letter.reason())
          .isEqualTo(reason == MALFORMED_PAYLOAD ? MALFORMED_SESSION_KEY : reason);
      assertThat(letter.source()).isEqualTo(source);
      assertThat(batchBytes(letter)).isLessThan(OutgoingDeadLetter.MAX_BYTES);
      assertThat(letter.value()).isNull();
      assertThat(letter.header(HeaderNames.WITHHELD)).isEqualTo(sent.valueSize());
      assertThat(letter.header(HeaderNames.RECOVERY)).isEqualTo("never");
      stream.nothing();
    }
  }

  private static long sizeOf(Sent sent) {
    long size = sent.key() == null ? 0 : sent.key().length;
    size += sent.value() == null ? 0 : sent.value().length;
    for (Header header : sent.headers()) {
      size += header.value().length;
    }
    return size;
  }

  /** As the producer reckons it, before compression. */
  private static int batchBytes(Answer letter) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        (byte) 2,
        CompressionType.NONE,
        letter.key(),
        letter.value(),
        letter.record().headers().toArray());
  }

  @Test
  void what_is_just_small_enough_is_a_profile() {
    byte[] openid = "y".repeat(512).getBytes(UTF_8);
    Clicks click = Clicks.under(KEY);
    int room = 65_536 - click.field("filler", "\"\"").value().length;
    click.field("filler", "\"" + "f".repeat(room) + "\"");
    assertThat(click.value()).hasSize(65_536);
    try (TestStream stream = TestStream.given().partitions(1).start()) {
      String text = new String(openid, UTF_8);
      stream.sessionKey(headers(Sent.login(text, KEY), 32_768));
      stream.payload(headers(Sent.keyed(openid, click.value()), 32_768));
      assertThat(stream.profile().key()).isEqualTo(openid);
    }
  }

  @Test
  void our_own_headers_take_no_room_from_those_of_the_backend() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.payload(
          headers(Sent.of(OPENID, Clicks.under(KEY)), 32_768)
              .header(HeaderNames.REROUTED_FROM, "phone-payload-3@7")
              .header(HeaderNames.TIMESTAMP, "" + Clicks.RECORD_TIME));
      assertThat(stream.profile().header(HeaderNames.REROUTED_FROM)).isEqualTo("phone-payload-3@7");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"用户", "\"oABC\"", "o ABC", "oABC.", "wxphone.fence"})
  void a_key_that_no_openid_can_be_is_refused_on_both_inputs_and_not_said(String key) {
    try (TestStream stream = TestStream.given().partitions(1).start()) {
      stream.sessionKey(Sent.login(key, KEY));
      stream.payload(Sent.of(key, Clicks.under(KEY)));
      for (Answer letter : stream.letters()) {
        assertThat(letter.reason()).isEqualTo(INVALID_OPENID);
        assertThat(letter.detail()).startsWith("The record key ").doesNotContain("ABC");
      }
      stream.nothing();
    }
  }

  @Test
  void more_than_100_headers_are_too_many_and_reserved_ones_count() {
    Sent crowded = Sent.of(OPENID, Clicks.under(KEY));
    for (int i = 0; i < 100; i++) {
      crowded.headers().add("h" + i % 2, null);
    }
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.payload(crowded);
      stream.profile();
      stream.payload(crowded.header("wxphone.x", ""));
      assertThat(stream.letter(MALFORMED_PAYLOAD).detail()).contains("more than 100");
      stream.payload(
          Sent.of(OPENID, Clicks.under(KEY)).header("wxphone.timestamp", "1".repeat(32_752)));
      assertThat(stream.letter(MALFORMED_PAYLOAD).detail()).contains("32 KiB");
    }
  }

  @Test
  void what_could_just_be_copied_is_copied_to_the_byte() {
    try (TestStream stream = TestStream.start()) {
      byte[] value = bytes(2 * 1024 * 1024 - 17 * 1024);
      stream.payload(Sent.of(OPENID, value));
      Answer letter = stream.letter(MALFORMED_PAYLOAD);
      assertThat(letter.value()).isEqualTo(value);
      assertThat(batchBytes(letter)).isLessThan(OutgoingDeadLetter.MAX_BYTES);
    }
  }

  @Test
  void so_many_headers_without_content_are_too_large_too() {
    Sent crowded = Sent.of(OPENID, Clicks.under(KEY));
    for (int i = 0; i < 2_000_000; i++) {
      crowded.headers().add("", null);
    }
    try (TestStream stream = TestStream.start()) {
      stream.payload(crowded);
      Answer letter = stream.letter(MALFORMED_PAYLOAD);
      assertThat(batchBytes(letter)).isLessThan(OutgoingDeadLetter.MAX_BYTES);
    }
  }

  static Stream<Arguments> whyNotRerouted() {
    return Stream.of(
        Arguments.of("false", Sent.of(AWAY, "{}"), "wxphone.reroute is off"),
        Arguments.of("true", reroutedPayload(Sent.of(AWAY, "{}")), "sending it on was tried"),
        Arguments.of("true", Sent.of(AWAY, bytes(65_537)), "it is too large to be sent on"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("whyNotRerouted")
  void the_sentence_says_why_a_misplaced_record_was_not_sent_on(
      String reroute, Sent sent, String why) {
    try (TestStream stream = TestStream.given().setting("wxphone.reroute", reroute).start()) {
      stream.payload(sent);
      Answer letter = stream.letter(WRONG_PARTITION);
      assertThat(letter.detail()).contains("partition 3", why, "murmur2", "replay");
      assertThat(letter.header(HeaderNames.RECOVERY)).isEqualTo("replay");
      assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("0");
    }
  }

  @Test
  void with_rerouting_off_a_misplaced_session_key_is_a_letter_too() {
    Map<String, Sent> kinds =
        Map.of(
            "login", Sent.login(AWAY, KEY),
            "logout", Sent.logout(AWAY),
            "forget", Sent.forget(AWAY));
    kinds.forEach(
        (kind, sent) -> {
          try (TestStream stream = TestStream.given().setting("wxphone.reroute", "false").start()) {
            stream.sessionKey(sent);
            Answer letter = stream.letter(WRONG_PARTITION);
            assertThat(letter.header(HeaderNames.RECOVERY)).as(kind).isEqualTo("never");
            assertThat(letter.value()).isNull();
            assertThat(letter.detail()).contains("publish a session key again");
          }
        });
  }
}
