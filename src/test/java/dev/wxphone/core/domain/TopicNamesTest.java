package dev.wxphone.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {

  @ParameterizedTest
  @CsvSource({
    "x, x, c, d, e, wxphone.topic.phone-payload, wxphone.topic.session-key",
    "a, x, x, d, e, wxphone.topic.session-key, wxphone.topic.user-profile",
    "a, b, x, x, e, wxphone.topic.user-profile, wxphone.topic.dead-letter",
    "a, b, c, x, x, wxphone.topic.dead-letter, wxphone.topic.dead-letter-audit",
    "x, b, c, d, x, wxphone.topic.phone-payload, wxphone.topic.dead-letter-audit",
  })
  void one_topic_in_two_roles_is_refused_and_both_settings_are_named(
      String a, String b, String c, String d, String e, String one, String other) {
    assertThatThrownBy(() -> new TopicNames(a, b, c, d, e))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            one + " and " + other + " both name the topic \"x\"; give each a topic of its own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "a\n", " a"})
  void a_name_that_kafka_refuses_is_refused(String illegal) {
    assertThat(TopicNames.isLegal(illegal)).isFalse();
    assertThatThrownBy(() -> new TopicNames("a", "b", illegal, "d", "e"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("wxphone.topic.user-profile: expected a topic name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"...", ".a", "..a", "_", "-", "A.b_c-9"})
  void a_name_that_kafka_takes_is_taken(String legal) {
    assertThat(TopicNames.isLegal(legal)).isTrue();
  }

  @Test
  void a_name_has_at_most_249_letters() {
    assertThat(TopicNames.isLegal("a".repeat(249))).isTrue();
    assertThat(TopicNames.isLegal("a".repeat(250))).isFalse();
  }
}
