package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.TopicRequirements;
import dev.wxphone.topics.TopicRequirements.UnequalInputs;
import dev.wxphone.topics.TopicRequirements.UnequalState;
import dev.wxphone.topics.TopicRequirements.UnmetSetting;
import dev.wxphone.topics.TopicRequirements.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Checks what {@code wxphone run} requires of its topics. That one is missing is a difference from
 * its file, which {@link TopicsCheck} reports.
 */
final class RequirementsCheck {
  static final String PARTITIONS = "partitions";
  static final String SIZES = "size limits";

  /** Settings other than the size limit by which a broker rejects a record. */
  static final String REFUSALS = "refusals";

  static final String STATE = "state";

  private final TopicRequirements requirements;
  private final String bootstrapServers;
  private final ApplyCommand apply;

  /**
   * Creates the check.
   *
   * @param bootstrapServers for the remedies
   */
  RequirementsCheck(TopicRequirements requirements, String bootstrapServers, ApplyCommand apply) {
    this.requirements = requirements;
    this.bootstrapServers = bootstrapServers;
    this.apply = apply;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    List<Finding> settings = new ArrayList<>();
    boolean sizesFit = true;
    for (Violation violation : requirements.violations()) {
      if (violation instanceof UnequalInputs unequal) {
        findings.add(unequalInputs(unequal));
      } else if (violation instanceof UnequalState unequal) {
        findings.add(unequalState(unequal));
      } else if (violation instanceof UnmetSetting unmet) {
        sizesFit &= !isSize(unmet);
        settings.add(unmetSetting(unmet));
      }
    }
    ActualTopic payloads = requirements.topics().get(requirements.names().phonePayload());
    if (findings.isEmpty()
        && payloads != null
        && requirements.topics().containsKey(requirements.names().sessionKey())) {
      findings.add(new Fine(PARTITIONS, ofBoth(payloads.partitions())));
    }
    if (sizesFit) {
      findings.add(new Fine(SIZES, "each topic takes the largest record that is written to it"));
    }
    findings.addAll(settings);
    return findings;
  }

  private Finding unequalInputs(UnequalInputs unequal) {
    TopicNames names = requirements.names();
    boolean fewerKeys = unequal.payloads() > unequal.sessionKeys();
    return new Wrong(
        PARTITIONS,
        "%s has %d and %s has %d, so payloads miss their session keys"
            .formatted(
                names.phonePayload(),
                unequal.payloads(),
                names.sessionKey(),
                unequal.sessionKeys()),
        unequal.hasState()
            ? Changelogs.MOVE
            : ("before the first wxphone run, make %s anew with the %d of the other (a number"
                    + " can't be lowered, and a raised one moves keys)")
                .formatted(
                    fewerKeys ? names.sessionKey() : names.phonePayload(),
                    Math.max(unequal.payloads(), unequal.sessionKeys())));
  }

  private Finding unequalState(UnequalState unequal) {
    return new Wrong(
        PARTITIONS,
        "%s, but %d of %s: wxphone run does not start with another number than its"
                .formatted(ofBoth(unequal.inputs()), unequal.partitions(), unequal.changelog())
            + " state's",
        Changelogs.MOVE);
  }

  private String ofBoth(int partitions) {
    TopicNames names = requirements.names();
    return "%d of %s and of %s".formatted(partitions, names.phonePayload(), names.sessionKey());
  }

  private Finding unmetSetting(UnmetSetting unmet) {
    return isSize(unmet)
        ? new Wrong(
            SIZES,
            "%s: max.message.bytes is %s, and wxphone writes up to %s"
                .formatted(
                    unmet.topic(),
                    Units.number(Long.parseLong(unmet.actual())),
                    Units.number(Long.parseLong(unmet.remedy()))),
            remedy(unmet))
        : new Wrong(
            REFUSALS,
            "%s: %s is %s and has to be %s, or a broker refuses what wxphone writes"
                .formatted(unmet.topic(), unmet.key(), unmet.actual(), unmet.required()),
            remedy(unmet));
  }

  private static boolean isSize(UnmetSetting unmet) {
    return unmet.key().equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
  }

  private String remedy(UnmetSetting unmet) {
    if (requirements.isChangelog(unmet.topic())) {
      return Changelogs.alter(bootstrapServers, unmet.topic(), unmet.key(), unmet.remedy());
    }
    return apply.wouldMeet(unmet)
        ? apply.text()
        : "set %s of %s to %s%s"
            .formatted(unmet.key(), unmet.topic(), unmet.remedy(), isSize(unmet) ? " or more" : "");
  }

  /**
   * Checks how long changelogs keep tombstones: {@code run} removes state older than half of it.
   */
  List<Finding> tombstones() {
    List<Finding> findings = new ArrayList<>();
    for (String name : Changelogs.names(requirements.applicationId())) {
      ActualTopic changelog = requirements.topics().get(name);
      Duration kept =
          changelog == null ? Changelogs.TOMBSTONES_KEPT : Changelogs.tombstonesKept(changelog);
      if (kept.compareTo(Changelogs.TOMBSTONES_KEPT) < 0) {
        findings.add(
            new Wrong(
                STATE,
                "%s: delete.retention.ms is %s, so that wxphone run restores state that was away for half of it anew; %s spares that"
                    .formatted(name, Units.time(kept), Units.time(Changelogs.TOMBSTONES_KEPT)),
                Changelogs.alter(
                    bootstrapServers,
                    name,
                    TopicConfig.DELETE_RETENTION_MS_CONFIG,
                    Long.toString(Changelogs.TOMBSTONES_KEPT.toMillis()))));
      }
    }
    return findings;
  }
}
