package dev.wxphone.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicFilesTest {
  private static final long DAY = 24L * 60 * 60 * 1000;

  @TempDir private Path directory;

  @BeforeEach
  void theBundledFilesLieInADirectory() throws IOException {
    for (var topic : TopicFiles.bundled(Map.of())) {
      var role = topic.role().defaultName();
      Files.copy(Path.of("topics", role + ".yaml"), directory.resolve(role + ".yaml"));
    }
  }

  @ParameterizedTest(name = "{0} {1} = {2}")
  @CsvSource({
    "phone-payload,     cleanup.policy,         delete",
    "phone-payload,     retention.ms,           604800000",
    "phone-payload,     message.timestamp.type, CreateTime",
    "session-key,       cleanup.policy,         'compact,delete'",
    "session-key,       retention.ms,           15552000000",
    "session-key,       min.compaction.lag.ms,  604800000",
    "session-key,       max.compaction.lag.ms,  691200000",
    "user-profile,      cleanup.policy,         compact",
    "user-profile,      min.compaction.lag.ms,  86400000",
    "user-profile,      delete.retention.ms,    2592000000",
    "user-profile,      message.timestamp.type, CreateTime",
    "dead-letter,       cleanup.policy,         delete",
    "dead-letter,       retention.ms,           2592000000",
    "dead-letter,       message.timestamp.type, LogAppendTime",
    "dead-letter,       max.message.bytes,      2097152",
    "dead-letter-audit, cleanup.policy,         delete",
    "dead-letter-audit, retention.ms,           7776000000",
    "dead-letter-audit, message.timestamp.type, LogAppendTime",
  })
  void the_bundled_files_hold_the_contracts_numbers(String role, String key, String value) {
    assertThat(bundled(role).config()).containsEntry(key, value);
  }

  @Test
  void every_topic_has_eight_partitions_and_the_brokers_replication_factor() {
    assertThat(TopicFiles.bundled(Map.of()))
        .hasSize(5)
        .allSatisfy(
            topic -> {
              assertThat(topic.partitions()).isEqualTo(8);
              assertThat(topic.replicas()).isEmpty();
              assertThat(topic.name()).isEqualTo(topic.role().defaultName());
            });
  }

  @Test
  void a_compacted_topics_segments_end_in_time_for_its_upper_lag() {
    for (var role : new String[] {"session-key", "user-profile"}) {
      var config = bundled(role).config();
      assertThat(number(config, TopicConfig.SEGMENT_MS_CONFIG))
          .isLessThanOrEqualTo(
              number(config, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)
                  - number(config, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG))
          .isGreaterThanOrEqualTo(DAY);
    }
  }

  @Test
  void the_configured_name_is_the_real_topic() {
    var names = Map.of("phone-payload", "prod.phone-payload");
    assertThat(TopicFiles.bundled(names))
        .extracting(DesiredTopic::name)
        .containsExactly(
            "prod.phone-payload",
            "session-key",
            "user-profile",
            "dead-letter",
            "dead-letter-audit");
  }

  @Test
  void a_directorys_files_count_in_place_of_the_bundled_ones() throws IOException {
    edit(
        "phone-payload",
        "  partitions: 8",
        "  topicName: prod.clicks\n  partitions: 12\n  replicas: 3");
    edit("phone-payload", "retention.ms: 604800000", "retention.ms: \"1000\"");
    var topic = TopicFiles.in(directory, Map.of("phone-payload", "prod.clicks")).get(0);
    assertThat(topic.name()).isEqualTo("prod.clicks");
    assertThat(topic.partitions()).isEqualTo(12);
    assertThat(topic.replicas()).isEqualTo(OptionalInt.of(3));
    assertThat(topic.config()).containsEntry("retention.ms", "1000");
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "partitions: 8             | partitions: eight           | has a spec.partitions that is no whole number from 1",
        "partitions: 8             | partitions: 0               | has a spec.partitions that is no whole number from 1",
        "partitions: 8             | replicas: 1                 | has no spec.partitions",
        "partitions: 8             | {partitions: 8              | is no YAML at line",
        "partitions: 8             | partition: 8                | has an unknown field partition in spec",
        "kind: KafkaTopic          | kind: KafkaUser             | has the kind KafkaUser, not KafkaTopic",
        "kafka.strimzi.io/v1       | v1                          | has the apiVersion v1, not kafka.strimzi.io/v1",
        "name: phone-payload       | name: phone-payloads        | names the topic phone-payloads, but wxphone.topic.phone-payload is phone-payload",
        "retention.ms: 604800000   | retention.ms: [1]           | has a spec.config.retention.ms that is no text or whole number",
        "retention.ms: 604800000   | segment.ms: 1               | is no YAML at line",
        "partitions: 8             | partitions: 8\\n---\\nkind: K | holds more than one document",
      })
  void what_is_wrong_with_a_file_is_said_in_one_line(
      String text, String replacement, String message) throws IOException {
    edit("phone-payload", text, replacement.replace("\\n", "\n"));
    assertThatThrownBy(() -> TopicFiles.in(directory, Map.of()))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith(directory + "/phone-payload.yaml " + message)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1));
  }

  @Test
  void a_file_that_is_missing_is_named() throws IOException {
    Files.delete(directory.resolve("dead-letter.yaml"));
    assertThatThrownBy(() -> TopicFiles.in(directory, Map.of()))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith(directory + "/dead-letter.yaml is missing");
  }

  private void edit(String role, String text, String replacement) throws IOException {
    var file = directory.resolve(role + ".yaml");
    var content = Files.readString(file);
    assertThat(content).contains(text);
    Files.writeString(file, content.replace(text, replacement));
  }

  private static DesiredTopic bundled(String role) {
    return TopicFiles.bundled(Map.of()).stream()
        .filter(topic -> topic.role().defaultName().equals(role))
        .findFirst()
        .orElseThrow();
  }

  private static long number(Map<String, String> config, String key) {
    return Long.parseLong(config.getOrDefault(key, ""));
  }
}
