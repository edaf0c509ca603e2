package dev.wxphone.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicsCheckTest {
  private static final Settings SETTINGS = Settings.load(null, Map.of(), Map.of(), warning -> {});

  private final List<DesiredTopic> desired = TopicFiles.bundled(Map.of());
  private final Map<String, ActualTopic> actual = new HashMap<>();
  private final Map<String, ActualTopic> changelogs = new TreeMap<>();

  TopicsCheckTest() {
    desired.forEach(
        topic ->
            actual.put(
                topic.name(), new ActualTopic("", topic.partitions(), 0, 1, topic.config())));
  }

  @Test
  void topics_as_their_files_say_are_fine() {
    assertThat(findings())
        .containsExactly(
            new Fine("topics", "all 5 are there and as their files say"),
            new Fine("partitions", "8 of phone-payload and of session-key"),
            new Fine("size limits", "each topic takes the largest record that is written to it"),
            new Fine("retention", "letters are kept 30 d, the audit of their replays 90 d"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "session-key | cleanup.policy | delete | session-key: cleanup.policy is delete, not compact,delete",
        "session-key | min.compaction.lag.ms | 0 | session-key: min.compaction.lag.ms is 0, not 604800000",
        "dead-letter | message.timestamp.type | CreateTime | dead-letter: message.timestamp.type is CreateTime, not LogAppendTime",
        "phone-payload | retention.ms | 1000 | phone-payload: retention.ms is 1000, not 604800000",
        // Larger than needed, and so no question of room.
        "dead-letter | max.message.bytes | 4194304 | dead-letter: max.message.bytes is 4194304, not 2097152",
      })
  void a_setting_that_differs(String topic, String key, String setting, String seen) {
    set(topic, key, setting);
    assertThat(wrong()).containsExactly(new Wrong("topics", seen, "wxphone topics apply"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phone-payload",
        "session-key",
        "user-profile",
        "dead-letter",
        "dead-letter-audit"
      })
  void a_topic_that_is_missing(String name) {
    actual.remove(name);
    assertThat(wrong())
        .containsExactly(new Wrong("topics", name + " does not exist", "wxphone topics apply"));
  }

  @Test
  void other_counts_than_the_files_are_fine_but_the_remedy_keeps_them() {
    actual.keySet().forEach(name -> count(name, 3));
    assertThat(wrong()).isEmpty();
    actual.remove("session-key");
    assertThat(wrong())
        .containsExactly(
            new Wrong(
                "topics", "session-key does not exist", "wxphone topics apply --partitions 3"));
    count("user-profile", 8);
    assertThat(wrong())
        .extracting(Wrong::remedy)
        .as("the option leaves user-profile alone")
        .containsExactly("wxphone topics apply --partitions 3");
    count("phone-payload", 8);
    assertThat(wrong()).extracting(Wrong::remedy).containsExactly("wxphone topics apply");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 8, phone-payload has 4 and session-key has 8, 'before the first wxphone run, make phone-payload anew with the 8'",
    "8, 4, phone-payload has 8 and session-key has 4, 'before the first wxphone run, make session-key anew with the 8'"
  })
  void unequal_counts_are_said_once(int payloads, int keys, String seen, String remedy) {
    count("phone-payload", payloads);
    count("session-key", keys);
    assertThat(wrong())
        .singleElement()
        .satisfies(
            wrong -> {
              assertThat(wrong.seen()).startsWith(seen);
              assertThat(wrong.remedy()).startsWith(remedy);
            });
  }

  @Test
  void once_the_processor_has_a_state_unequal_counts_are_mended_by_moving() {
    changelog("wxphone-users-changelog", Map.of());
    count("session-key", 12);
    assertThat(wrong())
        .singleElement()
        .extracting(Wrong::remedy)
        .isEqualTo(Changelogs.MOVE)
        .asString()
        .contains("new names", "another application.id", "README.md");
  }

  @Test
  void equal_counts_that_are_not_those_of_the_state() {
    changelog("wxphone-users-changelog", Map.of());
    changelog("wxphone-waiting-changelog", Map.of());
    assertThat(wrong()).isEmpty();
    count("session-key", 12);
    count("phone-payload", 12);
    assertThat(wrong())
        .containsExactly(
            new Wrong(
                "partitions",
                "12 of phone-payload and of session-key, but 8 of wxphone-users-changelog: wxphone"
                    + " run does not start with another number than its state's",
                Changelogs.MOVE));
  }

  @Test
  void too_small_a_size_is_said_once() {
    set("dead-letter", "max.message.bytes", "1048588");
    set("user-profile", "max.message.bytes", "1000");
    assertThat(wrong())
        .containsExactly(
            new Wrong(
                "size limits",
                "user-profile: max.message.bytes is 1,000, and wxphone writes up to 524,288",
                "wxphone topics apply"),
            new Wrong(
                "size limits",
                "dead-letter: max.message.bytes is 1,048,588, and wxphone writes up to 2,097,152",
                "wxphone topics apply"));
  }

  @Test
  void a_setting_that_makes_a_broker_refuse_is_said_once() {
    set("user-profile", "message.timestamp.before.max.ms", "86400000");
    set("dead-letter", "cleanup.policy", "compact,delete");
    changelog("wxphone-waiting-changelog", Map.of("compression.type", "uncompressed"));
    assertThat(wrong())
        .containsExactly(
            new Wrong(
                "refusals",
                "user-profile: message.timestamp.before.max.ms is 86400000 and has to be at least"
                    + " 9223372036854775807, or a broker refuses what wxphone writes",
                "wxphone topics apply"),
            new Wrong(
                "refusals",
                "dead-letter: cleanup.policy is compact,delete and has to be delete, or a broker"
                    + " refuses what wxphone writes",
                "wxphone topics apply"),
            new Wrong(
                "refusals",
                "wxphone-waiting-changelog: compression.type is uncompressed and has to be producer,"
                    + " or a broker refuses what wxphone writes",
                "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
                    + " --entity-name wxphone-waiting-changelog --add-config"
                    + " compression.type=producer"));
  }

  @Test
  void a_changelog_that_keeps_tombstones_too_short() {
    changelog("wxphone-users-changelog", Map.of("delete.retention.ms", "604800000"));
    assertThat(wrong()).isEmpty();
    changelog("wxphone-waiting-changelog", Map.of("delete.retention.ms", "86400000"));
    assertThat(wrong())
        .singleElement()
        .satisfies(
            wrong -> {
              assertThat(wrong.check()).isEqualTo("state");
              assertThat(wrong.remedy())
                  .endsWith(
                      "--entity-name wxphone-waiting-changelog --add-config"
                          + " delete.retention.ms=604800000");
            });
  }

  @Test
  void an_audit_that_is_dropped_before_the_letters() {
    set("dead-letter", "retention.ms", "-1");
    assertThat(wrong())
        .filteredOn(wrong -> wrong.check().equals("retention"))
        .singleElement()
        .extracting(Wrong::seen)
        .isEqualTo(
            "letters are kept for ever, but the audit of their replays only 90 d: one could be"
                + " replayed twice");
  }

  @Test
  void partitions_without_a_leader() {
    actual.computeIfPresent(
        "session-key", (n, topic) -> new ActualTopic("", 8, 2, 1, topic.config()));
    assertThat(wrong())
        .containsExactly(
            new Wrong(
                "topics",
                "session-key: 2 of 8 partitions without a leader",
                "bring back the brokers that hold them"));
  }

  private List<Finding> findings() {
    return new TopicsCheck(SETTINGS, desired, actual, changelogs, "kafka:9092", "").findings();
  }

  private List<Wrong> wrong() {
    return findings().stream().filter(Wrong.class::isInstance).map(Wrong.class::cast).toList();
  }

  private void set(String name, String key, String value) {
    actual.computeIfPresent(
        name,
        (n, topic) -> {
          Map<String, String> config = new HashMap<>(topic.config());
          config.put(key, value);
          return new ActualTopic("", topic.partitions(), 0, 1, config);
        });
  }

  private void changelog(String name, Map<String, String> config) {
    changelogs.put(name, new ActualTopic("", 8, 0, 1, config));
  }

  private void count(String name, int partitions) {
    actual.computeIfPresent(
        name, (n, topic) -> new ActualTopic("", partitions, 0, 1, topic.config()));
  }
}
