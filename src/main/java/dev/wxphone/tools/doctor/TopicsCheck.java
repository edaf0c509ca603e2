package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.Units;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicChange;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicPlan;
import dev.wxphone.topics.TopicRequirements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Checks the topics of the cluster against their files and against the requirements of the stream.
 */
final class TopicsCheck {
  static final String TOPICS = "topics";
  static final String RETENTION = "retention";

  private final TopicNames names;
  private final List<DesiredTopic> desired;
  private final Map<String, ActualTopic> actual;
  private final TopicRequirements requirements;
  private final RequirementsCheck requirementsCheck;
  private final ApplyCommand apply;

  /**
   * Creates the check.
   *
   * @param actual topics that exist, by name
   * @param changelogs changelogs of the stream's state that exist, by name
   * @param bootstrapServers for the remedies
   * @param files the option that named the files, with a blank before it; empty for the bundled
   *     ones
   */
  TopicsCheck(
      Settings settings,
      List<DesiredTopic> desired,
      Map<String, ActualTopic> actual,
      Map<String, ActualTopic> changelogs,
      String bootstrapServers,
      String files) {
    this.names = settings.topics();
    this.desired = desired;
    this.actual = actual;
    Map<String, ActualTopic> all = new HashMap<>(actual);
    all.putAll(changelogs);
    this.requirements = new TopicRequirements(names, settings.applicationId(), all);
    this.apply = new ApplyCommand(names, desired, actual, files);
    this.requirementsCheck = new RequirementsCheck(requirements, bootstrapServers, apply);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(differences());
    findings.addAll(leaderless());
    if (findings.isEmpty()) {
      findings.add(
          new Fine(TOPICS, "all %d are there and as their files say".formatted(desired.size())));
    }
    findings.addAll(requirementsCheck.findings());
    findings.addAll(retention());
    findings.addAll(requirementsCheck.tombstones());
    return findings;
  }

  private List<Finding> differences() {
    // Partition counts of existing topics are not compared with the files: see RequirementsCheck.
    List<DesiredTopic> withActualCounts =
        desired.stream()
            .map(topic -> topic.overridden(apply.partitions(topic.name()), OptionalInt.empty()))
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (TopicChange change : TopicPlan.of(withActualCounts, actual).changes()) {
      if (change instanceof AlterConfig alter) {
        if (!isUnmetRequirement(alter)) {
          findings.add(
              new Wrong(
                  TOPICS,
                  "%s: %s is %s, not %s"
                      .formatted(alter.topic(), alter.key(), alter.from(), alter.to()),
                  apply.text()));
        }
      } else if (change instanceof Create || !actual.containsKey(change.topic())) {
        findings.add(new Wrong(TOPICS, change.topic() + " does not exist", apply.text()));
      }
    }
    return findings;
  }

  private boolean isUnmetRequirement(AlterConfig alter) {
    return requirements.unmetSettings().stream()
        .anyMatch(unmet -> unmet.topic().equals(alter.topic()) && unmet.key().equals(alter.key()));
  }

  private List<Finding> leaderless() {
    List<Finding> findings = new ArrayList<>();
    for (DesiredTopic one : desired) {
      ActualTopic topic = actual.get(one.name());
      if (topic != null && topic.leaderless() > 0) {
        findings.add(
            new Wrong(
                TOPICS,
                "%s: %d of %s without a leader"
                    .formatted(
                        one.name(),
                        topic.leaderless(),
                        Units.count(topic.partitions(), "partition")),
                "bring back the brokers that hold them"));
      }
    }
    return findings;
  }

  private List<Finding> retention() {
    ActualTopic letters = actual.get(names.deadLetter());
    ActualTopic audit = actual.get(names.deadLetterAudit());
    if (letters == null || audit == null) {
      return List.of();
    }
    if (audit.retentionMs() >= letters.retentionMs()) {
      return List.of(
          new Fine(
              RETENTION,
              "letters are kept %s, the audit of their replays %s"
                  .formatted(retention(letters), retention(audit))));
    }
    return List.of(
        new Wrong(
            RETENTION,
            "letters are kept %s, but the audit of their replays only %s: one could be replayed twice"
                .formatted(retention(letters), retention(audit)),
            "set retention.ms of %s to no less than that of %s; topics/ has 90 and 30 days"
                .formatted(names.deadLetterAudit(), names.deadLetter())));
  }

  private static String retention(ActualTopic topic) {
    return topic.retentionMs() == Long.MAX_VALUE
        ? "for ever"
        : Units.time(Duration.ofMillis(topic.retentionMs()));
  }
}
