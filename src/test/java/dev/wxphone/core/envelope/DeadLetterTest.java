package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterTest {
  private static final int LETTERS = 5_000;
  private static final int PARTITIONS = 8;
  private static final long APPENDED_AT = 1_800_000_000_000L;
  private static final List<String> NAMES =
      List.of(
          "trace",
          "trace",
          "",
          "带",
          "wxphone",
          "wxphone.attempt",
          "wxphone.new",
          "__streams.errors.offset",
          "Wxphone.attempt");

  private static final List<Reason> REASONS = List.of(Reason.values());

  private final long seed = Long.getLong("wxphone.seed", System.nanoTime());
  private final Random random = new Random(seed);

  // ---- what is written is read

  @Test
  void a_letter_is_read_back_as_it_was_written_and_its_payload_goes_as_it_came() {
    for (int i = 0; i < LETTERS; i++) {
      ReceivedRecord received = received();
      Reason reason = REASONS.get(random.nextInt(REASONS.size()));
      OutgoingDeadLetter.Cause cause =
          new OutgoingDeadLetter.Cause(reason, "Detail " + i + ".", random.nextInt(4));
      Instant failedAt = Instant.ofEpochMilli(random.nextLong(APPENDED_AT));
      boolean sessionKey = random.nextInt(5) == 0;
      OutgoingDeadLetter written =
          sessionKey
              ? OutgoingDeadLetter.ofSessionKey(received, cause, failedAt)
              : OutgoingDeadLetter.ofPayload(received, cause, failedAt);
      String as = "seed %d, letter %d".formatted(seed, i);
      DeadLetter letter =
          Objects.requireNonNull(read(written.key(), written.value(), written.headers()), as);

      Provenance origin = received.origin();
      byte[] value = received.value();
      boolean withheld = sessionKey && value != null;
      assertThat(letter.id()).as(as).isEqualTo(new DeadLetterId(3, 17));
      assertThat(letter.key()).as(as).isEqualTo(received.key());
      assertThat(letter.value()).as(as).isEqualTo(sessionKey ? null : value);
      assertThat(shown(letter.headers())).as(as).isEqualTo(passing(received.headers()));
      assertThat(letter.source()).as(as).isEqualTo(received.source());
      assertThat(letter.reroutedFrom()).as(as).isEqualTo(origin.reroutedFrom());
      assertThat(letter.replayedFrom()).as(as).isEqualTo(DeadLetterId.parse(origin.replayedFrom()));
      assertThat(letter.timestamp()).as(as).isEqualTo(origin.timestamp());
      assertThat(letter.attempt()).as(as).isEqualTo(origin.attempt());
      assertThat(letter.reason()).as(as).isEqualTo(reason);
      assertThat(letter.detail()).as(as).isEqualTo(cause.detail());
      assertThat(letter.recovery())
          .as(as)
          .isEqualTo(sessionKey ? Recovery.NEVER : reason.recovery());
      assertThat(letter.failedAt()).as(as).isEqualTo(failedAt);
      assertThat(letter.keysTried()).as(as).isEqualTo(cause.keysTried());
      assertThat(letter.withheld())
          .as(as)
          .isEqualTo(withheld ? Objects.requireNonNull(value).length : -1);
      assertThat(letter.appendedAt()).as(as).isEqualTo(APPENDED_AT);
      assertThat(letter.isReplayable("session-key"))
          .as(as)
          .isEqualTo(
              !withheld
                  && reason != Reason.MALFORMED_SESSION_KEY
                  && !received.source().topic().equals("session-key"));
      replayed(letter, received, as);
    }
  }

  /** What the trial judges is what the stream will get to read. */
  private static void replayed(DeadLetter letter, ReceivedRecord received, String as) {
    long now = APPENDED_AT + 1;
    ProducerRecord<byte[], byte[]> payload = letter.replayed("payloads", now);
    assertThat(payload.topic()).as(as).isEqualTo("payloads");
    assertThat(payload.partition()).as(as).isNull();
    assertThat(payload.timestamp()).as(as).isEqualTo(now);
    assertThat(payload.key()).as(as).isEqualTo(letter.key());
    assertThat(payload.value()).as(as).isEqualTo(letter.value());
    List<String> expected = new ArrayList<>(passing(received.headers()));
    expected.add("wxphone.timestamp=" + letter.timestamp());
    expected.add("wxphone.attempt=" + Math.min(1000, letter.attempt() + 1));
    expected.add("wxphone.replayed-from=3@17");
    assertThat(shown(payload.headers())).as(as).isEqualTo(expected);

    ReceivedRecord tried = letter.received("payloads", PARTITIONS);
    assertThat(tried.key()).as(as).isEqualTo(payload.key());
    assertThat(tried.value()).as(as).isEqualTo(payload.value());
    assertThat(passing(tried.headers())).as(as).isEqualTo(passing(payload.headers()));
    assertThat(tried.origin())
        .as(as)
        .isEqualTo(Provenance.of(payload.headers(), tried.source(), now));
    if (letter.key() != null) {
      assertThat(tried.source().partition())
          .as(as)
          .isEqualTo(Partitioning.of(letter.key(), PARTITIONS));
    }
  }

  private ReceivedRecord received() {
    String topic = random.nextInt(4) == 0 ? "session-key" : "phone-payload";
    Provenance origin =
        new Provenance(
            random.nextLong(APPENDED_AT),
            random.nextInt(3) == 0 ? 1 + random.nextInt(1000) : 990 + random.nextInt(11),
            random.nextBoolean() ? null : random.nextInt(9) + "@" + random.nextInt(1_000_000),
            random.nextBoolean() ? null : topic + "-" + random.nextInt(9) + "@5");
    Headers headers = new RecordHeaders();
    for (int i = random.nextInt(6); i > 0; i--) {
      headers.add(NAMES.get(random.nextInt(NAMES.size())), bytes());
    }
    return new ReceivedRecord(
        bytes(),
        bytes(),
        headers,
        new RecordCoordinates(topic, random.nextInt(9), random.nextLong(1L << 40)),
        origin);
  }

  private byte @Nullable [] bytes() {
    if (random.nextInt(8) == 0) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void a_value_that_was_too_large_to_copy_is_withheld_and_never_replayed() {
    ReceivedRecord received =
        new ReceivedRecord(
            "o1".getBytes(UTF_8),
            new byte[OutgoingDeadLetter.MAX_BYTES],
            new RecordHeaders(),
            new RecordCoordinates("phone-payload", 0, 1),
            new Provenance(1, 1, null, null));
    OutgoingDeadLetter.Cause cause =
        new OutgoingDeadLetter.Cause(Reason.MALFORMED_PAYLOAD, "Large.", 0);
    OutgoingDeadLetter written = OutgoingDeadLetter.ofPayload(received, cause, Instant.EPOCH);
    assertThat(read(written.key(), written.value(), written.headers()))
        .returns(OutgoingDeadLetter.MAX_BYTES, DeadLetter::withheld)
        .returns(null, DeadLetter::value)
        .returns(false, letter -> letter.isReplayable("session-key"));
  }

  // ---- what nobody of ours has written

  @ParameterizedTest
  @CsvSource({
    "wxphone.source, ",
    "wxphone.source, phone-payload",
    "wxphone.source, ''",
    "wxphone.timestamp, ",
    "wxphone.timestamp, -1",
    "wxphone.timestamp, 1.5",
    "wxphone.timestamp, ' 1'",
    "wxphone.timestamp, 1234567890123456789",
    "wxphone.attempt, ",
    "wxphone.attempt, 0",
    "wxphone.attempt, 1001",
    "wxphone.attempt, 99999999999999999999",
    "wxphone.attempt, two",
    "wxphone.reason, ",
    "wxphone.reason, NO_SUCH_REASON",
    "wxphone.reason, session_key_missing",
  })
  void without_its_four_marks_a_record_is_no_letter(String name, @Nullable String value) {
    assertThat(read(null, null, headers(name, value))).isNull();
    assertThat(read(null, null, nulled(name))).isNull();
  }

  @Test
  void a_record_without_headers_is_no_letter() {
    assertThat(read(new byte[1], new byte[1], new RecordHeaders())).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "wxphone.detail, , ''",
    "wxphone.recovery, , replay",
    "wxphone.recovery, perhaps, replay",
    "wxphone.recovery, never, never",
    "wxphone.failed-at, , null",
    "wxphone.failed-at, yesterday, null",
    "wxphone.keys-tried, , 0",
    "wxphone.keys-tried, -3, 0",
    "wxphone.keys-tried, 99999999999, 0",
    "wxphone.keys-tried, 2, 2",
    "wxphone.withheld, , -1",
    "wxphone.withheld, all, -1",
    "wxphone.withheld, 0, 0",
    "wxphone.replayed-from, , null",
    "wxphone.replayed-from, 1-2, null",
    "wxphone.rerouted-from, , null",
  })
  void what_else_is_odd_is_as_if_it_were_not_there(
      String name, @Nullable String value, String seen) {
    DeadLetter letter = Objects.requireNonNull(read(null, null, headers(name, value)));
    assertThat(String.valueOf(field(letter, name))).isEqualTo(seen);
    if (value == null) {
      assertThat(
              String.valueOf(field(Objects.requireNonNull(read(null, null, nulled(name))), name)))
          .isEqualTo(seen);
    }
  }

  private static @Nullable Object field(DeadLetter letter, String name) {
    return switch (name) {
      case "wxphone.detail" -> letter.detail();
      case "wxphone.recovery" -> letter.recovery().text();
      case "wxphone.failed-at" -> letter.failedAt();
      case "wxphone.keys-tried" -> letter.keysTried();
      case "wxphone.withheld" -> letter.withheld();
      case "wxphone.replayed-from" -> letter.replayedFrom();
      case "wxphone.rerouted-from" -> letter.reroutedFrom();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Test
  void of_two_headers_of_one_name_the_last_counts() {
    Headers headers = headers("none", null).add("wxphone.attempt", "7".getBytes(UTF_8));
    assertThat(read(null, null, headers)).returns(7, DeadLetter::attempt);
  }

  @Test
  void a_letter_shows_no_content() {
    DeadLetter letter = read("o1".getBytes(UTF_8), "secret".getBytes(UTF_8), headers("none", null));
    assertThat(letter).hasToString("DeadLetter[3@17, SESSION_KEY_MISSING]");
  }

  /** Of a letter of ours, with one of them changed or, for null, taken out. */
  private static Headers headers(String name, @Nullable String value) {
    Headers headers = new RecordHeaders();
    for (List<String> header :
        List.of(
            List.of("wxphone.source", "phone-payload-0@1"),
            List.of("wxphone.timestamp", "1"),
            List.of("wxphone.attempt", "1"),
            List.of("wxphone.reason", "SESSION_KEY_MISSING"))) {
      if (!header.get(0).equals(name)) {
        headers.add(header.get(0), header.get(1).getBytes(UTF_8));
      }
    }
    return value == null ? headers : headers.add(name, value.getBytes(UTF_8));
  }

  private static Headers nulled(String name) {
    return headers(name, null).add(new RecordHeader(name, (byte[]) null));
  }

  private static @Nullable DeadLetter read(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    return DeadLetter.read(
        new ConsumerRecord<>(
            "dead-letter",
            3,
            17,
            APPENDED_AT,
            TimestampType.LOG_APPEND_TIME,
            0,
            0,
            key,
            value,
            headers,
            Optional.empty()));
  }

  private static List<String> passing(Headers headers) {
    return shown(headers).stream()
        .filter(text -> !text.startsWith("wxphone.") && !text.startsWith("__streams.errors."))
        .toList();
  }

  private static List<String> shown(Headers headers) {
    return Arrays.stream(headers.toArray()).map(DeadLetterTest::shown).toList();
  }

  private static String shown(Header header) {
    boolean ours = header.key().startsWith("wxphone.");
    return header.key()
        + "="
        + (ours && header.value() != null
            ? new String(header.value(), UTF_8)
            : Arrays.toString(header.value()));
  }
}
