package dev.wxphone.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Recovery;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingHeaders;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicFiles;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AsyncAPI document describes the topics, keys and headers of the program. */
class AsyncApiTest {
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private static final JsonNode DOCUMENT = document();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void it_is_of_version_3() {
    assertThat(DOCUMENT.path("asyncapi").textValue()).isEqualTo("3.0.0");
  }

  @Test
  void every_channel_is_a_topic_with_its_partitions_and_settings() {
    List<DesiredTopic> topics = TopicFiles.bundled(Map.of());
    assertThat(DOCUMENT.path("channels")).hasSameSizeAs(topics);
    for (DesiredTopic topic : topics) {
      JsonNode channel =
          stream(DOCUMENT.path("channels"))
              .filter(each -> each.path("address").asText().equals(topic.name()))
              .findAny()
              .orElseThrow();
      JsonNode kafka = channel.path("bindings").path("kafka");
      assertThat(kafka.path("topic").textValue()).isEqualTo(topic.name());
      assertThat(kafka.path("partitions").intValue()).isEqualTo(topic.partitions());
      assertThat(kafka.path("topicConfiguration").properties())
          .isNotEmpty()
          .allSatisfy(
              setting ->
                  assertThat(topic.config())
                      .containsEntry(
                          setting.getKey(),
                          setting.getValue().isArray()
                              ? stream(setting.getValue())
                                  .map(JsonNode::asText)
                                  .collect(Collectors.joining(","))
                              : setting.getValue().asText()));
    }
  }

  @Test
  void every_reference_resolves() {
    List<String> references = new ArrayList<>();
    collectReferences(DOCUMENT, references);
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(
            reference -> {
              if (reference.startsWith("#")) {
                assertThat(DOCUMENT.at(reference.substring(1)).isObject()).isTrue();
              } else {
                assertThat(reference).matches("\\./[a-z-]+\\.json");
                assertThat(Schemas.node(reference.replaceAll("\\./|\\.json", "")).isObject())
                    .isTrue();
              }
            });
    assertThat(references)
        .containsAll(Schemas.NAMES.stream().map(name -> "./" + name + ".json").toList());
  }

  @Test
  void every_message_is_on_a_channel_and_has_a_key() {
    Set<String> onChannels =
        stream(DOCUMENT.path("channels"))
            .flatMap(channel -> stream(channel.path("messages")))
            .map(message -> message.path("$ref").asText())
            .collect(Collectors.toSet());
    JsonNode messages = DOCUMENT.path("components").path("messages");
    assertThat(onChannels).hasSameSizeAs(messages);
    assertThat(messages)
        .allSatisfy(
            message -> {
              assertThat(message.at("/bindings/kafka/key").isObject()).isTrue();
              assertThat(message.has("payload")).isTrue();
            });
  }

  @Test
  void the_headers_that_are_told_are_those_of_the_program() throws IllegalAccessException {
    Set<String> documented = new TreeSet<>();
    for (JsonNode name : DOCUMENT.path("components").path("messages")) {
      headers(name).path("properties").fieldNames().forEachRemaining(documented::add);
    }
    Set<String> known = new TreeSet<>();
    for (Field constant : HeaderNames.class.getDeclaredFields()) {
      if (constant.getType() == String.class) {
        constant.setAccessible(true);
        known.add((String) constant.get(null));
      }
    }
    assertThat(documented).isEqualTo(known);
  }

  @Test
  void reasons_and_recoveries_are_those_of_the_program() {
    JsonNode fields = DOCUMENT.at("/components/messages/letter/headers/properties");
    assertThat(fields.path("wxphone.reason").path("enum"))
        .extracting(JsonNode::textValue)
        .containsExactly(Stream.of(Reason.values()).map(Enum::name).toArray(String[]::new));
    assertThat(fields.path("wxphone.recovery").path("enum"))
        .extracting(JsonNode::textValue)
        .containsExactlyInAnyOrder(
            Stream.of(Recovery.values()).map(Recovery::text).toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void the_headers_of_every_letter_are_valid_and_told(Reason reason) {
    OutgoingDeadLetter.Cause cause = new OutgoingDeadLetter.Cause(reason, "It is so; do this.", 3);
    for (ReceivedRecord received : List.of(received("v"), replayed("v"), received(null))) {
      Instant now = Instant.ofEpochMilli(1_769_847_330_250L);
      assertWritten("letter", OutgoingDeadLetter.ofPayload(received, cause, now).headers());
      assertWritten("letter", OutgoingDeadLetter.ofSessionKey(received, cause, now).headers());
    }
  }

  @Test
  void the_headers_of_the_other_outputs_are_valid_and_told() {
    for (ReceivedRecord received : List.of(received("v"), replayed("v"))) {
      assertWritten("profile", OutgoingHeaders.ofProfile(received));
      assertWritten("forgotten", OutgoingHeaders.ofProfile(received));
      assertWritten("reroutedPayload", OutgoingHeaders.ofReroutedCopy(received));
    }
    assertWritten("reroutedLogin", OutgoingHeaders.ofReroutedSessionKey(received("v")));
    assertWritten("reroutedLogin", OutgoingHeaders.ofReroutedSessionKey(received(null)));
    assertWritten("reroutedPlace", OutgoingHeaders.ofPlaceholder("session-key", 5));
    ReceivedRecord forgetting = received(null);
    forgetting.headers().add(HeaderNames.FORGET, "1".getBytes(UTF_8));
    assertWritten("forgetting", OutgoingHeaders.ofReroutedSessionKey(forgetting));
  }

  @Test
  void a_letter_without_its_reason_is_not_valid() {
    OutgoingDeadLetter letter =
        OutgoingDeadLetter.ofPayload(
            received("v"),
            new OutgoingDeadLetter.Cause(Reason.USER_DENIED, "It is so.", 0),
            Instant.EPOCH);
    letter.headers().remove(HeaderNames.REASON);
    assertThat(errors("letter", letter.headers())).hasSize(1);
  }

  /** Requires headers that are valid, and documented if they are reserved. */
  private static void assertWritten(String message, Headers written) {
    assertThat(errors(message, written)).isEmpty();
    JsonNode documented =
        headers(DOCUMENT.at("/components/messages/" + message)).path("properties");
    assertThat(Stream.of(written.toArray()).map(Header::key))
        .filteredOn(HeaderNames::isReserved)
        .isNotEmpty()
        .allMatch(documented::has);
  }

  private static List<String> errors(String message, Headers written) {
    ObjectNode object = Schemas.JSON.createObjectNode();
    for (Header header : written) {
      object.put(header.key(), new String(header.value(), UTF_8));
    }
    JsonNode schema = resolved(DOCUMENT.at("/components/messages/" + message + "/headers"));
    return Schemas.of(REGISTRY.getSchema(schema)).errors(object);
  }

  /** Returns a schema in which each reference within the document is replaced by its target. */
  private static JsonNode resolved(JsonNode node) {
    if (node.path("$ref").asText().startsWith("#")) {
      return resolved(DOCUMENT.at(node.path("$ref").asText().substring(1)));
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode copy = Schemas.JSON.createObjectNode();
    node.properties().forEach(field -> copy.set(field.getKey(), resolved(field.getValue())));
    return copy;
  }

  private static JsonNode headers(JsonNode message) {
    return resolved(message.path("headers"));
  }

  private static ReceivedRecord received(@Nullable String value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("correlation-id", "c1".getBytes(UTF_8));
    return received(value, headers);
  }

  private static ReceivedRecord replayed(String value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.TIMESTAMP, "1477314187000".getBytes(UTF_8));
    headers.add(HeaderNames.ATTEMPT, "1000".getBytes(UTF_8));
    headers.add(HeaderNames.REPLAYED_FROM, "5@17".getBytes(UTF_8));
    headers.add(HeaderNames.REROUTED_FROM, "phone-payload-1@2".getBytes(UTF_8));
    return received(value, headers);
  }

  private static ReceivedRecord received(@Nullable String value, RecordHeaders headers) {
    RecordCoordinates at = new RecordCoordinates("phone-payload", 3, 1234);
    return new ReceivedRecord(
        "o1".getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8),
        headers,
        at,
        Provenance.of(headers, at, 1_769_847_330_000L));
  }

  private static void collectReferences(JsonNode node, List<String> references) {
    if (node.path("$ref").isTextual()) {
      references.add(node.path("$ref").textValue());
    }
    node.forEach(child -> collectReferences(child, references));
  }

  private static Stream<JsonNode> stream(JsonNode parent) {
    return StreamSupport.stream(parent.spliterator(), false);
  }

  private static JsonNode document() {
    try {
      return YAML.readTree(Schemas.text("asyncapi.yaml"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
