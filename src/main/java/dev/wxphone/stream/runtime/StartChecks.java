package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.TopicAdmin;
import dev.wxphone.topics.TopicRequirements;
import dev.wxphone.topics.TopicRequirements.Missing;
import dev.wxphone.topics.TopicRequirements.UnequalInputs;
import dev.wxphone.topics.TopicRequirements.UnequalState;
import dev.wxphone.topics.TopicRequirements.UnmetSetting;
import dev.wxphone.topics.TopicRequirements.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks the topics before the stream reads the first record. */
final class StartChecks {
  private StartChecks() {}

  /**
   * What the checks have read.
   *
   * @param partitions number of partitions of each input
   * @param oldest how much older than its record a payload can be: it waited, became a dead letter,
   *     and was replayed
   * @param changelogs that exist, by name
   */
  record Passed(int partitions, Duration oldest, Map<String, ActualTopic> changelogs) {}

  /**
   * Returns what the checks have read.
   *
   * @throws OperatorException if a requirement is not met
   */
  static Passed check(
      TopicAdmin admin, TopicNames topics, String applicationId, String bootstrapServers) {
    List<String> changelogNames = Changelogs.names(applicationId);
    List<String> names = new ArrayList<>(changelogNames);
    names.addAll(
        List.of(
            topics.phonePayload(), topics.sessionKey(), topics.userProfile(), topics.deadLetter()));
    Map<String, ActualTopic> actual = admin.read(names);
    TopicRequirements requirements = new TopicRequirements(topics, applicationId, actual);
    List<Violation> violations = requirements.violations();
    if (!violations.isEmpty()) {
      throw OperatorException.failed(line(violations.get(0), requirements, bootstrapServers));
    }
    Map<String, ActualTopic> changelogs = new HashMap<>(actual);
    changelogs.keySet().retainAll(changelogNames);
    return new Passed(
        partitions(actual, topics.phonePayload()), oldest(actual, topics), changelogs);
  }

  private static String line(
      Violation violation, TopicRequirements requirements, String bootstrapServers) {
    TopicNames topics = requirements.names();
    if (violation instanceof Missing missing) {
      return "the topic %s does not exist; make it with: wxphone topics apply"
          .formatted(missing.topic());
    }
    if (violation instanceof UnmetSetting unmet) {
      return "%s of %s is %s and has to be %s; set it with: %s"
          .formatted(
              unmet.key(),
              unmet.topic(),
              unmet.actual(),
              unmet.required(),
              requirements.isChangelog(unmet.topic())
                  ? Changelogs.alter(bootstrapServers, unmet.topic(), unmet.key(), unmet.remedy())
                  : "wxphone topics apply");
    }
    if (violation instanceof UnequalInputs unequal) {
      return "%s has %d partitions and %s has %d, so payloads would miss their session keys; %s"
          .formatted(
              topics.phonePayload(),
              unequal.payloads(),
              topics.sessionKey(),
              unequal.sessionKeys(),
              unequal.hasState()
                  ? Changelogs.MOVE
                  : "make the two equal (wxphone topics plan tells how)");
    }
    UnequalState unequal = (UnequalState) violation;
    return "%s and %s have %d partitions, but the state in %s has %d, and they are fixed; %s"
        .formatted(
            topics.phonePayload(),
            topics.sessionKey(),
            unequal.inputs(),
            unequal.changelog(),
            unequal.partitions(),
            Changelogs.MOVE);
  }

  private static Duration oldest(Map<String, ActualTopic> actual, TopicNames topics) {
    long sum = 0;
    for (String name : List.of(topics.phonePayload(), topics.deadLetter())) {
      ActualTopic topic = actual.get(name);
      long retention = topic == null ? Long.MAX_VALUE : topic.retentionMs();
      sum = retention > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + retention;
    }
    return Duration.ofMillis(sum);
  }

  private static int partitions(Map<String, ActualTopic> actual, String name) {
    ActualTopic topic = actual.get(name);
    return topic == null ? 0 : topic.partitions();
  }
}
