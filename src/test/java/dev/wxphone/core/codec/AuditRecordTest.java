package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.AuditRecord.Action;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AuditRecordTest {
  private static final String TOPIC_ID = "Jt5sQ0hWQ0y3mVbq1m6dXw";
  private static final List<String> TEXTS =
      List.of("ops", "", "带\n\"\\\u0000\u001b[31m", "\uD83D\uDE00", "a".repeat(5_000));

  @Test
  void a_record_is_read_as_it_is_written() {
    long seed = Long.getLong("wxphone.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      AuditRecord written =
          new AuditRecord(
              random.nextBoolean() ? Action.REPLAYED : Action.PARKED,
              Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)),
              TEXTS.get(random.nextInt(TEXTS.size())),
              "run-" + i,
              TOPIC_ID,
              random.nextBoolean() ? null : TEXTS.get(random.nextInt(TEXTS.size())));
      assertThat(AuditRecord.read(written.write())).as("seed %d", seed).isEqualTo(written);
    }
  }

  @Test
  void a_record_is_one_json_object_with_its_fields_in_order() {
    Instant at = Instant.parse("2026-01-31T08:15:30.250Z");
    assertThat(new AuditRecord(Action.PARKED, at, "ops", "r1", TOPIC_ID, "a test").write())
        .asString(UTF_8)
        .isEqualTo(
            """
            {"action":"parked","at":"2026-01-31T08:15:30.250Z","by":"ops","run":"r1",\
            "deadLetterTopicId":"Jt5sQ0hWQ0y3mVbq1m6dXw","why":"a test"}\
            """);
    assertThat(new AuditRecord(Action.REPLAYED, at, "ops", "r1", TOPIC_ID, null).write())
        .asString(UTF_8)
        .startsWith("{\"action\":\"replayed\",")
        .doesNotContain("why");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {
        "action; ",
        "action; 'forgotten'",
        "action; 'REPLAYED'",
        "action; 1",
        "action; null",
        "at; ",
        "at; '2026-01-31'",
        "at; '2026-01-31T08:15:30'",
        "at; '2026-01-31T08:15:30+08:00'",
        "at; '2026-13-31T08:15:30Z'",
        "at; '2026-01-31T24:00:00Z'",
        "at; '2026-02-30T08:15:30Z'",
        "at; '2026-01-31T08:15:30.1234567890Z'",
        "at; '+12026-01-31T08:15:30Z'",
        "at; 1769847330",
        "by; ",
        "by; null",
        "by; ['ops']",
        "by; '\\ud800'",
        "run; ",
        "run; ''",
        "run; {}",
        "deadLetterTopicId; ",
        "deadLetterTopicId; ''",
        "deadLetterTopicId; 'dead-letter'",
        "deadLetterTopicId; true",
        "why; 1",
        "why; null",
      })
  void a_record_with_one_field_missing_or_odd_is_none(String field, @Nullable String json) {
    assertThat(AuditRecord.read(with(field, json))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {
        "action; 'replayed'",
        "at; '0000-01-01T00:00:00Z'",
        "at; '2026-01-31T08:15:30.123456789Z'",
        "by; ''",
        "why; ''",
        "somethingNew; [{'why': 1}]",
      })
  void a_record_with_what_may_be_odd_is_one(String field, String json) {
    assertThat(AuditRecord.read(with(field, json))).isNotNull();
  }

  static Stream<byte[]> noObjects() {
    String good = new String(with("somethingNew", "1"), UTF_8);
    return Stream.of(
            "",
            "null",
            "[]",
            "\"replayed\"",
            "{",
            good.substring(1),
            good + "{}",
            good.replace("{", "{\"by\":\"x\","),
            "[" + good + "]",
            good.replace("1", "[".repeat(20) + "]".repeat(20)))
        .map(text -> text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("noObjects")
  void what_is_no_json_object_is_no_record(byte[] value) {
    assertThat(AuditRecord.read(value)).isNull();
  }

  @Test
  void neither_null_nor_what_is_not_utf_8_is_a_record() {
    assertThat(AuditRecord.read(null)).isNull();
    byte[] value = with("by", "'x'");
    value[new String(value, UTF_8).indexOf("x")] = (byte) 0xFF;
    assertThat(AuditRecord.read(value)).isNull();
  }

  /** A good record with one field set, or, for null, taken out; ' stands for ". */
  private static byte[] with(String field, @Nullable String json) {
    StringBuilder object = new StringBuilder();
    for (List<String> good :
        List.of(
            List.of("action", "'parked'"),
            List.of("at", "'2026-01-31T08:15:30Z'"),
            List.of("by", "'ops'"),
            List.of("run", "'r1'"),
            List.of("deadLetterTopicId", "'" + TOPIC_ID + "'"))) {
      if (!good.get(0).equals(field)) {
        object.append(",'").append(good.get(0)).append("':").append(good.get(1));
      }
    }
    if (json != null) {
      object.append(",'").append(field).append("':").append(json);
    }
    return ("{" + object.substring(1) + "}").replace('\'', '"').getBytes(UTF_8);
  }
}
