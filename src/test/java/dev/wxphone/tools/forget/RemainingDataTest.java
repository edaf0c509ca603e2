package dev.wxphone.tools.forget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.topics.ActualTopic;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemainingDataTest {
  private static final TopicNames TOPICS =
      new TopicNames(
          "phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit");
  private static final long NOW = Instant.parse("2026-01-31T08:00:00Z").toEpochMilli();

  private static ActualTopic topic(Map<String, String> config) {
    return new ActualTopic("id", 8, 0, 1, config);
  }

  @Test
  void
      deleted_topics_hold_data_for_their_retention_and_a_segment_and_compacted_ones_for_their_lag() {
    Map<String, ActualTopic> actual =
        Map.of(
            "phone-payload",
            topic(
                Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", "604800000",
                    "segment.ms", "86400000")),
            "session-key",
            topic(
                Map.of(
                    "cleanup.policy", "compact",
                    "retention.ms", "604800000",
                    "max.compaction.lag.ms", "691200000")),
            "dead-letter",
            topic(
                Map.of("cleanup.policy", "delete", "retention.ms", "-1", "segment.ms", "86400000")),
            "app-users-changelog",
            topic(
                Map.of(
                    "cleanup.policy",
                    "compact",
                    "max.compaction.lag.ms",
                    Long.toString(Long.MAX_VALUE))));
    List<RemainingData> holdings = RemainingData.of(TOPICS, "app", actual, NOW);
    assertThat(RemainingData.text(holdings, ZoneOffset.UTC))
        .containsExactly(
            "still held on              what                           until",
            "phone-payload              clicks, encrypted              2026-02-08 08:00 Z",
            "session-key                session keys and unionid       2026-02-08 08:00 Z",
            "dead-letter                clicks that failed, encrypted  it is deleted",
            "app-users-changelog        session keys and unionid       it is compacted");
    assertThat(holdings.get(0).json())
        .isEqualTo(
            "{\"topic\":\"phone-payload\",\"what\":\"clicks, encrypted\","
                + "\"until\":\"2026-02-08T08:00:00Z\"}");
    assertThat(holdings.get(3).json()).doesNotContain("until");
  }
}
