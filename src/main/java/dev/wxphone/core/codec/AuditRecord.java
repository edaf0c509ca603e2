package dev.wxphone.core.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code dead-letter-audit}: an action on a dead letter.
 *
 * @param at when, by the clock of the command's machine
 * @param by who, self-declared
 * @param run the id of the command's run, the same in all its records
 * @param deadLetterTopicId Kafka's id of the topic that holds the letter; it changes if the topic
 *     is deleted and created again
 * @param why the reason given; null if none was
 */
public record AuditRecord(
    Action action,
    Instant at,
    String by,
    String run,
    String deadLetterTopicId,
    @Nullable String why) {

  /** An instant in UTC with a year of four digits; the schema has the same pattern. */
  private static final Pattern INSTANT =
      Pattern.compile(
          "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
              + "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z");

  /** A topic's id as Kafka writes it. */
  private static final Pattern TOPIC_ID = Pattern.compile("[A-Za-z0-9_-]{22}");

  /** An action on a dead letter. */
  public enum Action {
    /** Its payload was published again. */
    REPLAYED("replayed"),
    /** It was dealt with in another way, or is not to be. */
    PARKED("parked");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    /** Returns the value of the field {@code action}. */
    public String text() {
      return text;
    }
  }

  /** Returns the audit record in a value, or null if the value is not one. */
  public static @Nullable AuditRecord read(byte @Nullable [] value) {
    String text = value == null ? null : StrictUtf8.decode(value);
    Fields fields = new Fields();
    return text != null && StrictJson.read(text, fields) ? fields.record() : null;
  }

  /** Returns the record as JSON in UTF-8. */
  public byte[] write() {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(256)) {
      try (JsonGenerator json = StrictJson.FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        json.writeStringField("action", action.text());
        json.writeStringField("at", at.toString());
        json.writeStringField("by", by);
        json.writeStringField("run", run);
        json.writeStringField("deadLetterTopicId", deadLetterTopicId);
        if (why != null) {
          json.writeStringField("why", why);
        }
        json.writeEndObject();
      }
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
  }

  private static final class Fields implements StrictJson.Fields {
    private @Nullable String action;
    private @Nullable String at;
    private @Nullable String by;
    private @Nullable String run;
    private @Nullable String deadLetterTopicId;
    private @Nullable String why;
    private boolean whyInvalid;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (name) {
        case "action" -> action = StrictJson.text(value);
        case "at" -> at = StrictJson.text(value);
        case "by" -> by = StrictJson.text(value);
        case "run" -> run = StrictJson.text(value);
        case "deadLetterTopicId" -> deadLetterTopicId = StrictJson.text(value);
        case "why" -> {
          why = StrictJson.text(value);
          whyInvalid = why == null;
        }
        default -> value.skipChildren();
      }
    }

    @Nullable AuditRecord record() {
      Action known =
          Arrays.stream(Action.values())
              .filter(a -> a.text().equals(action))
              .findFirst()
              .orElse(null);
      if (known == null
          || at == null
          || !INSTANT.matcher(at).matches()
          || by == null
          || run == null
          || run.isEmpty()
          || deadLetterTopicId == null
          || !TOPIC_ID.matcher(deadLetterTopicId).matches()
          || whyInvalid) {
        return null;
      }
      try {
        return new AuditRecord(known, Instant.parse(at), by, run, deadLetterTopicId, why);
      } catch (DateTimeException notOurs) {
        return null;
      }
    }
  }
}
