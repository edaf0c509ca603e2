package dev.wxphone.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Audit records that wxphone writes are valid, and it reads valid ones only. */
class AuditSchemaTest {
  private static final Schemas AUDIT = Schemas.of("dead-letter-audit");
  private static final String TOPIC_ID = "Jt5sQ0hWQ0y3mVbq1m6dXw";

  /**
   * Instants of which no change of one character makes a date that does not exist, which a pattern
   * can't detect.
   */
  private static final List<String> INSTANTS =
      List.of(
          "2026-01-30T08:15:30Z",
          "2026-01-30T08:15:30.1Z",
          "2026-12-01T23:59:59.123456789Z",
          "0000-01-01T00:00:00Z");

  private final long seed = Long.getLong("wxphone.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void what_is_written_is_valid() {
    List<String> texts = List.of("", "ops", "带\n\"\\\u0000", "\uD83D\uDE00");
    for (int i = 0; i < 2_000; i++) {
      AuditRecord written =
          new AuditRecord(
              random.nextBoolean() ? AuditRecord.Action.REPLAYED : AuditRecord.Action.PARKED,
              Instant.ofEpochMilli(random.nextLong(200_000_000_000_000L)),
              texts.get(random.nextInt(texts.size())),
              "run-" + i,
              Uuid.randomUuid().toString(),
              random.nextBoolean() ? null : texts.get(random.nextInt(texts.size())));
      assertThat(AUDIT.errors(written.write())).as("seed %d, %s", seed, written).isEmpty();
    }
  }

  @Test
  void what_the_schema_takes_is_read_and_what_it_refuses_is_not() {
    System.out.println("AuditSchemaTest  seed " + seed);
    List<String> fields = List.of("action", "at", "by", "run", "deadLetterTopicId");
    Function<String, @Nullable String> usual =
        name ->
            switch (name) {
              case "action" -> random.nextBoolean() ? "\"replayed\"" : "\"parked\"";
              case "at" -> "\"" + INSTANTS.get(random.nextInt(INSTANTS.size())) + "\"";
              case "by" -> random.nextBoolean() ? "\"ops\"" : "\"\"";
              case "run" -> random.nextInt(9) == 0 ? "\"\"" : "\"r1\"";
              case "deadLetterTopicId" -> "\"" + TOPIC_ID + "\"";
              case "why" -> "\"asked\"";
              default -> null;
            };
    InputSchemasTest.judgedAlike(
        random,
        () -> {
          StringBuilder object = new StringBuilder();
          for (String field : fields) {
            // One in twenty is missing or of another type.
            String value = random.nextInt(40) == 0 ? odd() : usual.apply(field);
            if (random.nextInt(40) != 0) {
              object.append(",\"").append(field).append("\":").append(value);
            }
          }
          for (String field : List.of("why", "somethingNew")) {
            if (random.nextInt(3) == 0) {
              String value = random.nextInt(4) == 0 ? odd() : "\"x\"";
              object.append(",\"").append(field).append("\":").append(value);
            }
          }
          return "{" + (object.isEmpty() ? "" : object.substring(1)) + "}";
        },
        AUDIT,
        value -> AuditRecord.read(value.getBytes(StandardCharsets.UTF_8)) != null);
  }

  private String odd() {
    List<String> odd =
        List.of("null", "true", "0", "-1.5", "[]", "[\"x\"]", "{}", "\"\"", "\"x\"", "\"取\"");
    return odd.get(random.nextInt(odd.size()));
  }
}
