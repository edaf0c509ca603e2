package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.AnswerCounts;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Checks the topics and the group before the stream starts. */
final class StartChecks {
  private StartChecks() {}

  /**
   * What the checks have read.
   *
   * @param partitions number of partitions of each input
   * @param oldest how much older than its record a payload can be: it waited, became a dead letter,
   *     and was replayed
   * @param tombstonesKept how long each changelog keeps tombstones, at least
   * @param origin topics of the state
   * @param deleted records that were deleted unread
   * @param staticMembers whether a process may be a static member of the group
   * @param returned openids that have a profile again since they were forgotten, and when they were
   */
  record Passed(
      int partitions,
      Duration oldest,
      Duration tombstonesKept,
      StateOrigin origin,
      DeletedRecords deleted,
      boolean staticMembers,
      Map<String, Long> returned) {}

  /**
   * Returns what the checks have read.
   *
   * @param start where a group without offsets begins; null to fail if answers exist already
   * @throws OperatorException if a requirement is not met, or no broker answers
   */
  static Passed check(
      Settings settings,
      KafkaProperties properties,
      @Nullable StartPosition start,
      AnswerCounts counts) {
    TopicNames topics = settings.topics();
    List<String> changelogs = Changelogs.names(settings.applicationId());
    List<String> names = new ArrayList<>(changelogs);
    names.addAll(
        List.of(
            topics.phonePayload(), topics.sessionKey(), topics.userProfile(), topics.deadLetter()));
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      AdminCalls calls = new AdminCalls(properties.bootstrapServers());
      RightsCheck.check(admin, calls, properties, settings);
      Map<String, ActualTopic> actual = new TopicAdmin(admin, calls).read(names);
      TopicRequirements requirements =
          new TopicRequirements(topics, settings.applicationId(), actual);
      List<Violation> violations = requirements.violations();
      if (!violations.isEmpty()) {
        throw OperatorException.failed(
            line(violations.get(0), requirements, properties.bootstrapServers()));
      }
      requireIdleTime(settings, letters(requirements));
      int partitions = requirements.topic(topics.phonePayload()).partitions();
      boolean begins = new ResetGuard(admin, calls, properties, settings).check(partitions, start);
      DeletedRecords deleted = new DeletedRecords(settings, partitions, counts);
      GroupOffsets group = new GroupOffsets(admin, calls, settings.applicationId());
      deleted.checkAtStart(group);
      Map<String, Long> returned =
          new ProfilesSinceForgotten(properties, settings, group, partitions).find(begins);
      Map<String, ActualTopic> state = new HashMap<>(actual);
      state.keySet().retainAll(changelogs);
      Map<String, String> ids = new HashMap<>();
      state.forEach((name, topic) -> ids.put(name, topic.id()));
      String cluster = calls.get(admin.describeCluster().clusterId(), "Describe on the cluster");
      return new Passed(
          partitions,
          oldest(requirements),
          Changelogs.tombstonesKept(state),
          new StateOrigin(cluster, ids),
          deleted,
          StreamsProtocol.takesStaticMembers(settings, admin, calls),
          returned);
    } catch (KafkaException e) {
      throw KafkaErrors.ofClient(e);
    }
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

  /** What is kept of an openid has to outlast the letters that could be replayed with it. */
  private static void requireIdleTime(Settings settings, long letters) {
    Duration maxAge = settings.watermarkMaxAge();
    if (letters == Long.MAX_VALUE) {
      throw OperatorException.failed(
          "%s keeps its records for ever, so %s can't be long enough; set retention.ms of it"
              .formatted(settings.topics().deadLetter(), Setting.USERS_IDLE.key()));
    }
    Duration least = Duration.ofMillis(letters).plus(maxAge);
    if (settings.usersIdle().compareTo(least) < 0) {
      throw OperatorException.failed(
          "%s is %s and has to be at least the retention of %s and %s together, %s"
              .formatted(
                  Setting.USERS_IDLE.key(),
                  settings.usersIdle(),
                  settings.topics().deadLetter(),
                  Setting.WATERMARK_MAX_AGE.key(),
                  least));
    }
  }

  private static long letters(TopicRequirements requirements) {
    return requirements.topic(requirements.names().deadLetter()).retentionMs();
  }

  private static Duration oldest(TopicRequirements requirements) {
    long payloads = requirements.topic(requirements.names().phonePayload()).retentionMs();
    long letters = letters(requirements);
    return Duration.ofMillis(
        letters > Long.MAX_VALUE - payloads ? Long.MAX_VALUE : payloads + letters);
  }
}
