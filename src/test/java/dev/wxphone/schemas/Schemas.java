package dev.wxphone.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The schemas of {@code topics/schemas/} on the class path. */
public final class Schemas {
  /** The topics whose values are JSON. */
  public static final List<String> NAMES =
      List.of("phone-payload", "session-key", "user-profile", "dead-letter-audit");

  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** Refuses what a schema can't judge: duplicate fields, and more than 16 levels of nesting. */
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JSON.getFactory()
                  .rebuild()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(16).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final Schema schema;

  private Schemas(Schema schema) {
    this.schema = schema;
  }

  /** Returns the schema of a topic's values. */
  public static Schemas of(String topic) {
    return new Schemas(REGISTRY.getSchema(node(topic)));
  }

  static Schemas of(Schema schema) {
    return new Schemas(schema);
  }

  /** Returns the schema as JSON. */
  static JsonNode node(String topic) {
    return parsed(text(topic + ".json"));
  }

  static String text(String file) {
    try (InputStream stream = Schemas.class.getResourceAsStream("/topics/schemas/" + file)) {
      return new String(Objects.requireNonNull(stream, file).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is wrong with a value, one sentence each; empty if it is valid. */
  public List<String> errors(byte[] value) {
    return errors(parsed(new String(value, UTF_8)));
  }

  List<String> errors(JsonNode value) {
    return schema.validate(value).stream().map(Error::toString).toList();
  }

  boolean accepts(String json) {
    return errors(parsed(json)).isEmpty();
  }

  static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Parses a text; returns null if it is not JSON, or if parsers differ in what they make of it.
   */
  static @Nullable JsonNode plain(String json) {
    try {
      JsonNode node = STRICT.readTree(json);
      return node.isMissingNode() ? null : node;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
