package dev.wxphone.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.operator.LineWrap;
import dev.wxphone.tools.topics.TopicReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicPlanTest {
  private static final int MISSING = 0;

  /**
   * What the cluster has (0 is missing), what is wanted of all, what the plan says, by its start.
   */
  @ParameterizedTest(name = "{0} {1} {2} {3}, wanted {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        // payload, key, profile, letter, wanted, lines
        "8  | 8  | 8 | 8  | 8  | nothing to change",
        "0  | 0  | 0 | 0  | 8  | create phone-payload 8; create session-key 8; create user-profile 8; create dead-letter 8",
        "0  | 8  | 8 | 8  | 8  | create phone-payload 8",
        "8  | 0  | 8 | 8  | 8  | create session-key 8",
        "12 | 12 | 8 | 8  | 8  | refused phone-payload",
        "12 | 8  | 8 | 8  | 8  | refused session-key",
        "12 | 8  | 8 | 8  | 12 | refused session-key; refused user-profile; change dead-letter 8 12",
        "12 | 0  | 8 | 8  | 8  | refused phone-payload; refused session-key",
        "0  | 12 | 8 | 8  | 8  | refused phone-payload; refused session-key",
        "12 | 0  | 0 | 0  | 12 | create session-key 12; create user-profile 12; create dead-letter 12",
        "8  | 8  | 4 | 8  | 8  | refused user-profile",
        "8  | 8  | 8 | 4  | 8  | change dead-letter 4 8",
        "8  | 8  | 8 | 12 | 8  | nothing to change",
        "8  | 8  | 8 | 0  | 8  | create dead-letter 8",
      })
  void partition_counts_are_compared_as_the_join_needs(
      int payload, int key, int profile, int letter, int wanted, String expected) {
    var desired =
        List.of(
            topic(TopicRole.PHONE_PAYLOAD, wanted),
            topic(TopicRole.SESSION_KEY, wanted),
            topic(TopicRole.USER_PROFILE, wanted),
            topic(TopicRole.DEAD_LETTER, wanted));
    var actual = new HashMap<String, ActualTopic>();
    put(actual, "phone-payload", payload);
    put(actual, "session-key", key);
    put(actual, "user-profile", profile);
    put(actual, "dead-letter", letter);
    assertThat(brief(TopicPlan.of(desired, actual))).isEqualTo(expected);
  }

  /** As above, but what is wanted is said by the option, and the files say 8. */
  @ParameterizedTest(name = "{0} {1} {2} {3}, --partitions {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | 0  | 0  | 0  | 12 | create phone-payload 12; create session-key 12; create user-profile 12; create dead-letter 12",
        "0  | 0  | 8  | 8  | 12 | create phone-payload 12; create session-key 12",
        "0  | 0  | 8  | 0  | 12 | create phone-payload 12; create session-key 12; create dead-letter 12",
        "12 | 12 | 8  | 4  | 12 | nothing to change",
        "8  | 8  | 12 | 12 | 8  | nothing to change",
        "0  | 8  | 8  | 8  | 12 | refused phone-payload; refused session-key",
        "8  | 8  | 8  | 8  | 12 | refused phone-payload",
        "8  | 12 | 8  | 8  | 12 | refused session-key",
      })
  void the_option_is_meant_for_the_joined_topics_and_for_those_that_are_made(
      int payload, int key, int profile, int letter, int option, String expected) {
    var desired =
        List.of(
                topic(TopicRole.PHONE_PAYLOAD, 8),
                topic(TopicRole.SESSION_KEY, 8),
                topic(TopicRole.USER_PROFILE, 8),
                topic(TopicRole.DEAD_LETTER, 8))
            .stream()
            .map(topic -> topic.overridden(OptionalInt.of(option), OptionalInt.empty()))
            .toList();
    var actual = new HashMap<String, ActualTopic>();
    put(actual, "phone-payload", payload);
    put(actual, "session-key", key);
    put(actual, "user-profile", profile);
    put(actual, "dead-letter", letter);
    assertThat(brief(TopicPlan.of(desired, actual))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | 12 | 12 | phone-payload and session-key have 12 partitions, not 8, and their number is fixed: keys would move, and the join looks for a session key in the payload's own partition; to keep it, give --partitions 12, or write it into their files (--files)",
        "12 | 12 | 8  | phone-payload and session-key have 12 partitions, not 8, and their number is fixed: keys would move, and the join looks for a session key in the payload's own partition; to keep it, give --partitions 12, or write it into their files (--files)",
        "8  | 12 | 8  | session-key has 12 partitions, but phone-payload has 8: the join looks for a session key in the payload's own partition, so both need the same number, and neither can be changed in place; before the first wxphone run, make one of them anew with the other's number; later, move to topics of new names and another application.id (README.md, Topics)",
        "0  | 12 | 12 | phone-payload would be created with 8 partitions, but session-key has 12: the join looks for a session key in the payload's own partition, so both need the same number; give --partitions 12, or write it into its file (--files)",
        "8  | 8  | 4  | user-profile has 4 partitions, not 8, and its number is fixed: keys would move away from their earlier records; to keep it, give --partitions 8, which leaves it as it is, or write 4 into its file (--files)",
      })
  void a_refusal_names_both_counts_the_reason_and_the_remedy(
      int payload, int key, int profile, String sentence) {
    var desired =
        List.of(
            topic(TopicRole.PHONE_PAYLOAD, 8),
            topic(TopicRole.SESSION_KEY, 8),
            topic(TopicRole.USER_PROFILE, 8));
    var actual = new HashMap<String, ActualTopic>();
    put(actual, "phone-payload", payload);
    put(actual, "session-key", key);
    put(actual, "user-profile", profile);
    assertThat(TopicPlan.of(desired, actual).refusals().get(0).sentence()).isEqualTo(sentence);
  }

  @Test
  void files_that_disagree_about_the_pair_are_refused_before_anything_exists() {
    var desired = List.of(topic(TopicRole.PHONE_PAYLOAD, 8), topic(TopicRole.SESSION_KEY, 4));
    assertThat(TopicPlan.of(desired, Map.of()).refusals()).hasSize(2);
  }

  @Test
  void what_is_wanted_of_one_of_the_pair_is_refused_for_that_one() {
    var actual = new HashMap<String, ActualTopic>();
    put(actual, "phone-payload", 12);
    put(actual, "session-key", 12);
    var desired = List.of(topic(TopicRole.PHONE_PAYLOAD, 12), topic(TopicRole.SESSION_KEY, 8));
    assertThat(brief(TopicPlan.of(desired, actual))).isEqualTo("refused session-key");
    desired = List.of(topic(TopicRole.PHONE_PAYLOAD, 8), topic(TopicRole.SESSION_KEY, 4));
    assertThat(TopicPlan.of(desired, actual).refusals())
        .extracting(TopicChange.Refused::sentence)
        .satisfiesExactly(
            payloads -> assertThat(payloads).startsWith("phone-payload has 12 partitions, not 8,"),
            keys -> assertThat(keys).startsWith("session-key has 12 partitions, not 4,"));
  }

  @Test
  void renamed_topics_keep_their_rules() {
    var desired =
        List.of(
            new DesiredTopic(TopicRole.PHONE_PAYLOAD, "a", 8, OptionalInt.empty(), Map.of()),
            new DesiredTopic(TopicRole.SESSION_KEY, "b", 8, OptionalInt.empty(), Map.of()));
    var actual = new HashMap<String, ActualTopic>();
    put(actual, "a", 8);
    put(actual, "b", 4);
    put(actual, "session-key", 8);
    assertThat(brief(TopicPlan.of(desired, actual))).isEqualTo("refused b");
  }

  @Test
  void only_settings_that_the_file_names_are_compared() {
    var desired =
        new DesiredTopic(
            TopicRole.DEAD_LETTER,
            "dead-letter",
            8,
            OptionalInt.of(3),
            Map.of("retention.ms", "5", "max.message.bytes", "2097152", "x", "y"));
    var actual =
        new ActualTopic(
            "id",
            8,
            0,
            1,
            Map.of("retention.ms", "5", "max.message.bytes", "1048588", "segment.ms", "7"));
    var plan = TopicPlan.of(List.of(desired), Map.of("dead-letter", actual));
    assertThat(TopicReport.text(plan, LineWrap.ANY))
        .containsExactly(
            "change   dead-letter  max.message.bytes 1048588 → 2097152",
            "change   dead-letter  x unset → y");
  }

  @Test
  void an_option_overrides_the_file() {
    var topic = topic(TopicRole.DEAD_LETTER, 8).overridden(OptionalInt.of(3), OptionalInt.of(2));
    assertThat(topic.partitions()).isEqualTo(3);
    assertThat(topic.replicas()).hasValue(2);
    assertThat(topic.overridden(OptionalInt.empty(), OptionalInt.empty())).isEqualTo(topic);
  }

  @Test
  void the_report_is_aligned_and_as_json_a_line_each() {
    var desired =
        List.of(
            new DesiredTopic(
                TopicRole.PHONE_PAYLOAD,
                "phone-payload",
                8,
                OptionalInt.of(3),
                Map.of("retention.ms", "5", "cleanup.policy", "delete")),
            topic(TopicRole.DEAD_LETTER, 8),
            topic(TopicRole.USER_PROFILE, 8));
    var actual = new HashMap<String, ActualTopic>();
    put(actual, "dead-letter", 4);
    put(actual, "user-profile", 8);
    var plan = TopicPlan.of(desired, actual);
    assertThat(TopicReport.text(plan, LineWrap.ANY))
        .containsExactly(
            "create   phone-payload  8 partitions, 3 replicas, cleanup.policy=delete, retention.ms=5",
            "change   dead-letter    partitions 4 → 8");
    assertThat(TopicReport.json(plan))
        .containsExactly(
            "{\"action\":\"create\",\"topic\":\"phone-payload\",\"partitions\":8,\"replicas\":3,"
                + "\"config\":{\"cleanup.policy\":\"delete\",\"retention.ms\":\"5\"}}",
            "{\"action\":\"change\",\"topic\":\"dead-letter\",\"key\":\"partitions\",\"from\":4,"
                + "\"to\":8}");
    assertThat(TopicReport.json(new TopicPlan(List.of()))).isEmpty();
  }

  @Test
  void on_a_terminal_a_sentence_breaks_between_words_below_itself() {
    var plan =
        new TopicPlan(
            List.of(
                new TopicChange.AddPartitions("dead-letter", 4, 8),
                new TopicChange.Refused(
                    "user-profile",
                    "user-profile has 4 partitions, not 8, and its number is fixed: keys would move"
                        + " away from their earlier records")));
    assertThat(TopicReport.text(plan, LineWrap.TERMINAL))
        .containsExactly(
            "change   dead-letter   partitions 4 → 8",
            "refused  user-profile  user-profile has 4 partitions, not 8, and its number is",
            "                       fixed: keys would move away from their earlier records");
  }

  private static DesiredTopic topic(TopicRole role, int partitions) {
    return new DesiredTopic(role, role.defaultName(), partitions, OptionalInt.empty(), Map.of());
  }

  private static void put(Map<String, ActualTopic> actual, String name, int partitions) {
    if (partitions != MISSING) {
      actual.put(name, new ActualTopic("id", partitions, 0, 1, Map.of()));
    }
  }

  private static String brief(TopicPlan plan) {
    var lines = new ArrayList<String>();
    for (var line : TopicReport.text(plan, LineWrap.ANY)) {
      lines.add(
          line.startsWith("refused")
              ? line.replaceFirst("(refused) +(\\S+).*", "$1 $2")
              : line.replaceFirst(" partitions? ?", " ")
                  .replace("partitions", "")
                  .replace("→", "")
                  .replaceAll(" +", " ")
                  .strip());
    }
    return String.join("; ", lines);
  }
}
