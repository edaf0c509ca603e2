package dev.wxphone.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.TopicNames;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRequirementsTest {
  private static final TopicNames NAMES =
      new TopicNames(
          "phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit");
  private static final String HOUR = "3600000";
  private static final String UNLIMITED = "9223372036854775807";

  /** A cluster that limits what Kafka lets it limit. */
  private static final Map<String, String> STRICT =
      Map.of(
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100000",
          TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
          TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, "1000",
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, "1000",
          TopicConfig.COMPRESSION_TYPE_CONFIG, "uncompressed");

  private final Map<String, Map<String, String>> topics = new TreeMap<>();

  @Test
  void the_files_override_whatever_a_cluster_limits() {
    for (DesiredTopic topic : TopicFiles.bundled(Map.of())) {
      Map<String, String> config = new HashMap<>(STRICT);
      config.putAll(topic.config());
      topics.put(topic.name(), config);
    }
    assertThat(requirements().unmetSettings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "phone-payload,             524288,  3600000",
    "session-key,               524288,  3600000",
    "user-profile,              524288,  9223372036854775807",
    "dead-letter,               2097152, 3600000",
    "wxphone-users-changelog,   524288,  9223372036854775807",
    "wxphone-waiting-changelog, 524288,  9223372036854775807",
  })
  void a_topic_that_takes_over_a_clusters_limits(String name, String size, String before) {
    topics.put(name, STRICT);
    assertThat(requirements().unmetSettings())
        .extracting(
            one -> one.topic() + " " + one.key() + " " + one.actual() + " → " + one.remedy())
        .containsExactly(
            name + " max.message.bytes 100000 → " + size,
            name + " message.timestamp.before.max.ms 1000 → " + before,
            name + " message.timestamp.after.max.ms 1000 → " + HOUR,
            name + " compression.type uncompressed → producer");
  }

  @Test
  void times_of_the_brokers_own_have_no_limits() {
    Map<String, String> config = new HashMap<>(STRICT);
    config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    topics.put("user-profile", config);
    assertThat(requirements().unmetSettings())
        .extracting(TopicRequirements.UnmetSetting::key)
        .containsExactly("max.message.bytes", "compression.type");
  }

  @Test
  void state_has_to_take_times_as_far_ahead_as_its_inputs_do() {
    String after = TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG;
    topics.put("wxphone-waiting-changelog", Map.of(after, HOUR));
    topics.put("phone-payload", Map.of(after, HOUR));
    assertThat(requirements().unmetSettings()).isEmpty();
    topics.put("phone-payload", Map.of(after, UNLIMITED));
    assertThat(requirements().unmetSettings())
        .singleElement()
        .returns("wxphone-waiting-changelog", TopicRequirements.UnmetSetting::topic)
        .returns(UNLIMITED, TopicRequirements.UnmetSetting::remedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delete | true",
        "compact | false",
        "compact,delete | false",
        "delete,compact | false"
      })
  void letters_may_have_no_key_and_so_are_not_compacted(String policy, boolean fine) {
    topics.put("dead-letter", Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy));
    assertThat(requirements().unmetSettings().isEmpty()).isEqualTo(fine);
  }

  @Test
  void the_audit_is_not_the_streams() {
    topics.put("dead-letter-audit", STRICT);
    assertThat(requirements().unmetSettings()).isEmpty();
  }

  private TopicRequirements requirements() {
    Map<String, ActualTopic> actual = new HashMap<>();
    topics.forEach((name, config) -> actual.put(name, new ActualTopic("", 8, 0, 1, config)));
    return new TopicRequirements(NAMES, "wxphone", actual);
  }
}
