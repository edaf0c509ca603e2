package dev.wxphone.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The schema files are valid, described and portable. */
class SchemaFilesTest {
  static final List<String> NAMES = Schemas.NAMES;

  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

  /** Keywords with the same meaning in draft 07, which AsyncAPI's tools read by default. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "$schema",
          "$id",
          "title",
          "description",
          "type",
          "required",
          "properties",
          "additionalProperties",
          "items",
          "minItems",
          "uniqueItems",
          "anyOf",
          "not",
          "enum",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "const",
          "examples");

  /** Constructs that not all engines of regular expressions read alike. */
  private static final Pattern UNPORTABLE = Pattern.compile("\\\\[a-zA-Z0-9]|\\(\\?");

  @Test
  void each_topic_of_json_values_has_one_and_no_other() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("topics", "schemas"))) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()))
          .isEqualTo(
              Stream.concat(
                      Schemas.NAMES.stream().map(name -> name + ".json"),
                      Stream.of("asyncapi.yaml"))
                  .collect(Collectors.toSet()));
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void each_is_a_schema_of_2020_12_with_a_versioned_id(String name) {
    JsonNode schema = Schemas.node(name);
    assertThat(schema.path("$schema").textValue()).isEqualTo(DRAFT);
    assertThat(schema.path("$id").textValue()).matches("urn:wxphone:schema:" + name + ":[1-9]");
    assertThat(schema.path("title").textValue()).isEqualTo(name);
    Schema draft =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(DRAFT));
    assertThat(draft.validate(schema)).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void each_takes_its_own_examples(String name) {
    JsonNode examples = Schemas.node(name).path("examples");
    assertThat(examples).isNotEmpty();
    assertThat(examples).allSatisfy(e -> assertThat(Schemas.of(name).errors(e)).isEmpty());
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void fields_may_be_added_everywhere_and_each_is_described(String name) {
    assertThat(schemasIn(Schemas.node(name)).filter(SchemaFilesTest::saysItIsAnObject))
        .isNotEmpty()
        .allSatisfy(
            object -> {
              assertThat(object.path("additionalProperties").isBoolean()).isTrue();
              assertThat(object.path("additionalProperties").booleanValue()).isTrue();
              assertThat(object.path("properties"))
                  .allSatisfy(
                      field -> assertThat(field.path("description").asText()).endsWith("."));
            });
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void each_says_only_what_draft_07_says_too(String name) {
    Set<String> used = new TreeSet<>();
    schemasIn(Schemas.node(name))
        .forEach(schema -> schema.fieldNames().forEachRemaining(used::add));
    assertThat(KEYWORDS).containsAll(used);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void each_pattern_means_the_same_to_every_engine(String name) {
    assertThat(
            schemasIn(Schemas.node(name))
                .filter(schema -> schema.has("pattern"))
                .map(schema -> schema.path("pattern").textValue()))
        .allSatisfy(pattern -> assertThat(pattern).doesNotContainPattern(UNPORTABLE));
  }

  private static boolean saysItIsAnObject(JsonNode schema) {
    return schema.path("type").asText().equals("object");
  }

  /** Returns the schema and all schemas in it. */
  private static Stream<JsonNode> schemasIn(JsonNode schema) {
    Stream<JsonNode> inner =
        Stream.of(
                each(schema.path("properties")),
                each(schema.path("anyOf")),
                Stream.of(schema.path("items"), schema.path("not")))
            .flatMap(Function.identity())
            .filter(JsonNode::isObject)
            .flatMap(SchemaFilesTest::schemasIn);
    return Stream.concat(Stream.of(schema), inner);
  }

  private static Stream<JsonNode> each(JsonNode parent) {
    return StreamSupport.stream(parent.spliterator(), false);
  }
}
