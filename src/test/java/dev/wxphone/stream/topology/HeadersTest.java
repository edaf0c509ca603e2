package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.core.domain.Reason.MALFORMED_SESSION_KEY;
import static dev.wxphone.core.domain.Reason.WATERMARK_EXPIRED;
import static dev.wxphone.stream.topology.TestStream.AWAY;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every header of every output, in order, and the timestamps that go with them. */
class HeadersTest {
  private static final SessionKey KEY = Clicks.key(1);
  private static final long MADE = START - 400;
  private static final String FAILED_AT = Instant.ofEpochMilli(START).toString();

  private static Sent click() {
    return Sent.of(OPENID, Clicks.under(KEY)).at(MADE);
  }

  private static Sent broken() {
    return Sent.of(OPENID, "{}").at(MADE);
  }

  /** Headers of a stranger around all of ours, forged. */
  private static Sent forged(Sent sent) {
    return sent.header("traceparent", "00-1")
        .header("wxphone.source", "phone-payload-0@99")
        .header("a", "1")
        .header("wxphone.reason", "SUPERSEDED")
        .header("wxphone.detail", "forged")
        .header("wxphone.recovery", "replay")
        .header("wxphone.failed-at", "forged")
        .header("wxphone.keys-tried", "99")
        .header("wxphone.withheld", "99")
        .header("wxphone.forget", "forged")
        .header("wxphone.unheard-of", "forged")
        .header("a", "2")
        .header("__streams.errors.topic", "forged")
        .header("__streams.errors.exception", "forged")
        .header("__streams.errors.stacktrace", "forged")
        .header("wxphone", "not ours")
        .header("wxphones.source", "not ours")
        .header("WXPHONE.source", "not ours")
        .header("empty", "")
        .header("null", (String) null)
        .header("a", "1");
  }

  private static final List<String> STRANGERS =
      List.of(
          "traceparent=00-1",
          "a=1",
          "a=2",
          "wxphone=not ours",
          "wxphones.source=not ours",
          "WXPHONE.source=not ours",
          "empty=",
          "null",
          "a=1");

  private static List<String> strangersAnd(String... ours) {
    return Stream.concat(STRANGERS.stream(), Stream.of(ours)).toList();
  }

  @Test
  void a_profile_has_the_received_headers_and_its_source() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.click(KEY);
      stream.profile();
      stream.payload(forged(click()));
      Answer profile = stream.profile();
      assertThat(profile.headers()).isEqualTo(strangersAnd("wxphone.source=phone-payload-0@1"));
      assertThat(profile.openid()).isEqualTo(OPENID);
      assertThat(profile.timestamp()).isEqualTo(MADE);
    }
  }

  @Test
  void a_letter_has_the_received_headers_and_all_that_is_known() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(forged(broken()));
      Answer letter = stream.letter(MALFORMED_PAYLOAD);
      assertThat(letter.headers())
          .isEqualTo(
              strangersAnd(
                  "wxphone.source=phone-payload-0@0",
                  "wxphone.timestamp=" + MADE,
                  "wxphone.attempt=1",
                  "wxphone.reason=MALFORMED_PAYLOAD",
                  "wxphone.detail=" + letter.detail(),
                  "wxphone.recovery=never",
                  "wxphone.failed-at=" + FAILED_AT,
                  "wxphone.keys-tried=0",
                  "__streams.errors.topic=phone-payload",
                  "__streams.errors.partition=0",
                  "__streams.errors.offset=0",
                  "__streams.errors.message=" + letter.detail()));
      assertThat(letter.detail()).endsWith(".").doesNotContain("forged").hasLineCount(1);
      assertThat(letter.key()).isEqualTo(broken().key());
      assertThat(letter.value()).isEqualTo(broken().value());
      assertThat(letter.timestamp()).isEqualTo(START);
    }
  }

  @Test
  void a_letter_of_a_session_key_has_them_too_and_no_past_but_a_rerouting() {
    try (TestStream stream = TestStream.start()) {
      stream.sessionKey(
          forged(broken())
              .header(HeaderNames.TIMESTAMP, "" + (MADE - 1))
              .header(HeaderNames.ATTEMPT, "7")
              .header(HeaderNames.REPLAYED_FROM, "0@5")
              .header(HeaderNames.REROUTED_FROM, "session-key-1@7"));
      Answer letter = stream.letter(MALFORMED_SESSION_KEY);
      assertThat(letter.headers())
          .isEqualTo(
              strangersAnd(
                  "wxphone.source=session-key-0@0",
                  "wxphone.rerouted-from=session-key-1@7",
                  "wxphone.timestamp=" + (MADE - 1),
                  "wxphone.attempt=1",
                  "wxphone.reason=MALFORMED_SESSION_KEY",
                  "wxphone.detail=" + letter.detail(),
                  "wxphone.recovery=never",
                  "wxphone.failed-at=" + FAILED_AT,
                  "wxphone.keys-tried=0",
                  "wxphone.withheld=2",
                  "__streams.errors.topic=session-key",
                  "__streams.errors.partition=0",
                  "__streams.errors.offset=0",
                  "__streams.errors.message=" + letter.detail()));
    }
  }

  private static Sent replayedAndRerouted(Sent sent) {
    return sent.header("b", "1")
        .header(HeaderNames.REPLAYED_FROM, "3@14")
        .header(HeaderNames.TIMESTAMP, "" + (MADE - 7))
        .header(HeaderNames.ATTEMPT, "2")
        .header(HeaderNames.REROUTED_FROM, "phone-payload-5@123456789012345678");
  }

  @Test
  void the_answer_to_a_replayed_and_rerouted_payload_tells_of_both() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.payload(replayedAndRerouted(click()));
      Answer profile = stream.profile();
      assertThat(profile.headers())
          .containsExactly(
              "b=1",
              "wxphone.source=phone-payload-0@0",
              "wxphone.rerouted-from=phone-payload-5@123456789012345678",
              "wxphone.replayed-from=3@14");
      assertThat(profile.timestamp()).isEqualTo(MADE - 7);
      stream.payload(replayedAndRerouted(broken()));
      assertThat(stream.letter().headers().subList(0, 7))
          .containsExactly(
              "b=1",
              "wxphone.source=phone-payload-0@1",
              "wxphone.rerouted-from=phone-payload-5@123456789012345678",
              "wxphone.replayed-from=3@14",
              "wxphone.timestamp=" + (MADE - 7),
              "wxphone.attempt=2",
              "wxphone.reason=MALFORMED_PAYLOAD");
    }
  }

  private static final long OLDEST = Duration.ofDays(37).toMillis();

  static Stream<Arguments> timestamps() {
    return Stream.of(
        Arguments.of("" + (MADE - 1), MADE - 1),
        Arguments.of("" + MADE, MADE),
        Arguments.of("00000" + (MADE - 1), MADE - 1),
        Arguments.of("" + (MADE - OLDEST), MADE - OLDEST),
        // Nobody's letter is so old, and a broker may refuse what it would be written with.
        Arguments.of("" + (MADE - OLDEST - 1), MADE),
        Arguments.of("0", MADE),
        Arguments.of("" + (MADE + 1), MADE),
        Arguments.of("999999999999999999", MADE),
        Arguments.of("9999999999999999999", MADE),
        Arguments.of("-1", MADE),
        Arguments.of("+1", MADE),
        Arguments.of("1e3", MADE),
        Arguments.of("1.5", MADE),
        Arguments.of(" 1", MADE),
        Arguments.of("", MADE),
        Arguments.of("١", MADE),
        Arguments.of("now", MADE));
  }

  @ParameterizedTest(name = "\"{0}\" gives {1}")
  @MethodSource("timestamps")
  void the_stated_timestamp_counts_where_it_is_one_and_not_later(String stated, long counts) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(broken().header(HeaderNames.TIMESTAMP, stated));
      assertThat(stream.letter().header(HeaderNames.TIMESTAMP)).isEqualTo("" + counts);
    }
  }

  @Test
  void the_stated_timestamp_is_what_a_watermark_is_held_to() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      long fourDaysLater = START + 4 * 86_400_000L;
      stream.payload(click().at(fourDaysLater));
      stream.letter(WATERMARK_EXPIRED);
      stream.payload(click().at(fourDaysLater).header(HeaderNames.TIMESTAMP, "" + MADE));
      assertThat(stream.profile().timestamp()).isEqualTo(MADE);
    }
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"0", "1", "1001", "2x", "-2", "02", "", "2.0", "99999999999", "٢"})
  void a_malformed_attempt_is_the_first(String stated) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(broken().header(HeaderNames.ATTEMPT, stated));
      assertThat(stream.letter().header(HeaderNames.ATTEMPT)).isEqualTo("1");
    }
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"2", "9", "10", "99", "100", "999", "1000"})
  void attempts_are_counted_up_to_a_thousand(String stated) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(broken().header(HeaderNames.ATTEMPT, stated));
      assertThat(stream.letter().header(HeaderNames.ATTEMPT)).isEqualTo(stated);
    }
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {"", "3", "3@", "@3", "-3@1", "3@-1", "dead-letter-3@1", "3@1 ", "3@1\n", "3@1x"})
  void a_malformed_letter_id_is_absent(String stated) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(broken().header(HeaderNames.REPLAYED_FROM, stated));
      assertThat(stream.letter().header(HeaderNames.REPLAYED_FROM)).isNull();
    }
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {
        "",
        "phone-payload-0@7",
        "phone-payload-00@7",
        "session-key-1@7",
        "user-profile-1@7",
        "1@7",
        "phone-payload-1",
        "phone-payload-1@",
        "phone-payload-1@-7",
        "phone-payload--1@7",
        "phone-payload-1@7\n",
        "phone payload-1@7"
      })
  void a_rerouting_of_another_topic_or_from_the_same_partition_is_absent(String stated) {
    try (TestStream stream = TestStream.start()) {
      stream.payload(broken().header(HeaderNames.REROUTED_FROM, stated));
      assertThat(stream.letter().header(HeaderNames.REROUTED_FROM)).isNull();
      stream.payload(Sent.of(AWAY, "{}").header(HeaderNames.REROUTED_FROM, stated));
      assertThat(stream.payloadCopies()).hasSize(1);
      stream.nothing();
    }
  }

  @Test
  void of_several_headers_of_a_name_the_last_counts() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(broken().header(HeaderNames.ATTEMPT, "3").header(HeaderNames.ATTEMPT, "4"));
      assertThat(stream.letter().header(HeaderNames.ATTEMPT)).isEqualTo("4");
      stream.payload(
          broken()
              .header(HeaderNames.ATTEMPT, "3")
              .header(HeaderNames.ATTEMPT, (String) null)
              .header(HeaderNames.TIMESTAMP, new byte[] {(byte) 0xFF}));
      Answer letter = stream.letter();
      assertThat(letter.header(HeaderNames.ATTEMPT)).isEqualTo("1");
      assertThat(letter.header(HeaderNames.TIMESTAMP)).isEqualTo("" + MADE);
    }
  }

  @Test
  void a_profile_is_never_in_the_future() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.payload(click().at(START + 60_000));
      assertThat(stream.profile().timestamp()).isEqualTo(START);
      stream.payload(broken().at(START + 60_000));
      Answer letter = stream.letter();
      assertThat(letter.timestamp()).isEqualTo(START);
      assertThat(letter.header(HeaderNames.TIMESTAMP)).isEqualTo("" + (START + 60_000));
    }
  }

  @Test
  void keys_tried_are_counted() {
    try (TestStream stream = TestStream.given().setting("wxphone.session.wait", "PT0S").start()) {
      stream.click(Clicks.key(9));
      assertThat(stream.letter().header(HeaderNames.KEYS_TRIED)).isEqualTo("0");
      for (int i = 1; i <= 4; i++) {
        stream.login(Clicks.key(i));
        stream.click(Clicks.key(9));
        assertThat(stream.letter().header(HeaderNames.KEYS_TRIED)).isEqualTo("" + Math.min(i, 3));
      }
    }
  }
}
