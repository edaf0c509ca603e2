package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.TopicAdmin;
import dev.wxphone.topics.TopicRequirements;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has to hold of the topics before the first record: the Processor API checks no
 * co-partitioning, and an answer that its topic refuses would stop the stream for ever. Each check
 * fails with one line.
 */
final class StartChecks {
  private StartChecks() {}

  /**
   * What they have found.
   *
   * @param partitions of the inputs
   * @param oldest how much older than its record a payload can be: it waited, was a letter, and was
   *     replayed
   * @param changelogs that exist, by name
   */
  record Passed(int partitions, Duration oldest, Map<String, ActualTopic> changelogs) {}

  /** Checks all. */
  static Passed check(
      TopicAdmin admin, TopicNames topics, String applicationId, String bootstrapServers) {
    List<String> needed =
        List.of(
            topics.phonePayload(), topics.sessionKey(), topics.userProfile(), topics.deadLetter());
    Map<String, ActualTopic> changelogs = Changelogs.read(admin, applicationId);
    Map<String, ActualTopic> actual = new HashMap<>(admin.read(needed));
    for (String name : needed) {
      ActualTopic topic = actual.get(name);
      if (topic == null) {
        throw OperatorException.failed(
            "the topic %s does not exist; make it with: wxphone topics apply".formatted(name));
      }
    }
    actual.putAll(changelogs);
    requireNoRefusal(new TopicRequirements(topics, applicationId, actual), bootstrapServers);
    int payloads = partitions(actual, topics.phonePayload());
    int keys = partitions(actual, topics.sessionKey());
    if (payloads != keys) {
      throw OperatorException.failed(
          "%s has %d partitions and %s has %d, so payloads would miss their session keys; %s"
              .formatted(
                  topics.phonePayload(),
                  payloads,
                  topics.sessionKey(),
                  keys,
                  changelogs.isEmpty()
                      ? "make the two equal (wxphone topics plan tells how)"
                      : Changelogs.MOVE));
    }
    Changelogs.partitions(changelogs)
        .forEach(
            (changelog, count) -> {
              if (count != payloads) {
                throw OperatorException.failed(
                    "%s and %s have %d partitions, but the state in %s has %d, and they are fixed; %s"
                        .formatted(
                            topics.phonePayload(),
                            topics.sessionKey(),
                            payloads,
                            changelog,
                            count,
                            Changelogs.MOVE));
              }
            });
    return new Passed(payloads, oldest(actual, topics), changelogs);
  }

  private static Duration oldest(Map<String, ActualTopic> actual, TopicNames topics) {
    long most = 0;
    for (String name : List.of(topics.phonePayload(), topics.deadLetter())) {
      ActualTopic topic = actual.get(name);
      long kept = topic == null ? Long.MAX_VALUE : topic.retentionMs();
      most = kept > Long.MAX_VALUE - most ? Long.MAX_VALUE : most + kept;
    }
    return Duration.ofMillis(most);
  }

  private static int partitions(Map<String, ActualTopic> actual, String name) {
    ActualTopic topic = actual.get(name);
    return topic == null ? 0 : topic.partitions();
  }

  private static void requireNoRefusal(TopicRequirements requirements, String bootstrapServers) {
    for (TopicRequirements.Unmet unmet : requirements.unmet()) {
      throw OperatorException.failed(
          "%s of %s is %s and has to be %s; set it with: %s"
              .formatted(
                  unmet.key(),
                  unmet.topic(),
                  unmet.has(),
                  unmet.needed(),
                  requirements.isChangelog(unmet.topic())
                      ? Changelogs.alter(
                          bootstrapServers, unmet.topic(), unmet.key(), unmet.remedy())
                      : "wxphone topics apply"));
    }
  }
}
