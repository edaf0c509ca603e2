package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.Units;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicChange;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicPlan;
import dev.wxphone.topics.TopicRequirements;
import dev.wxphone.topics.TopicRequirements.Unmet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** What is wrong with the topics as the cluster has them. */
final class TopicsCheck {
  static final String TOPICS = "topics";
  static final String PARTITIONS = "partitions";
  static final String SIZES = "size limits";
  static final String RETENTION = "retention";

  /** What may make a broker refuse a record, beside its size. */
  static final String REFUSALS = "refusals";

  /** The topics of the processor's state. */
  static final String STATE = "state";

  private final TopicNames names;
  private final List<DesiredTopic> desired;
  private final Map<String, ActualTopic> actual;
  private final Map<String, ActualTopic> changelogs;
  private final TopicRequirements requirements;
  private final List<Unmet> unmet;
  private final String bootstrapServers;
  private final String files;

  /**
   * Begins to compare.
   *
   * @param actual by name; what is not in it does not exist
   * @param changelogs those of the processor's state that exist, by name
   * @param bootstrapServers for the commands that mend
   * @param files the option by which {@code desired} was named, or empty
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
    this.changelogs = changelogs;
    this.bootstrapServers = bootstrapServers;
    this.files = files;
    Map<String, ActualTopic> all = new HashMap<>(actual);
    all.putAll(changelogs);
    this.requirements = new TopicRequirements(names, settings.applicationId(), all);
    this.unmet = requirements.unmet();
  }

  /** All of it. */
  List<Finding> all() {
    List<Finding> findings = new ArrayList<>(againstTheFiles());
    findings.addAll(leaders());
    if (findings.isEmpty()) {
      findings.add(
          new Fine(TOPICS, "all %d are there and as their files say".formatted(desired.size())));
    }
    findings.addAll(partitions());
    findings.addAll(refusals());
    findings.addAll(retention());
    findings.addAll(tombstones());
    return findings;
  }

  private List<Finding> againstTheFiles() {
    // The numbers of partitions that are in use count, whatever the files say: see partitions().
    List<DesiredTopic> asCounted =
        desired.stream()
            .map(topic -> topic.overridden(counted(topic.name()), OptionalInt.empty()))
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (TopicChange change : TopicPlan.of(asCounted, actual).changes()) {
      if (change instanceof AlterConfig alter) {
        if (!isSaidAsRefusal(alter)) {
          findings.add(
              new Wrong(
                  TOPICS,
                  "%s: %s is %s, not %s"
                      .formatted(alter.topic(), alter.key(), alter.from(), alter.to()),
                  apply()));
        }
      } else if (change instanceof Create || isMissing(change.topic())) {
        findings.add(new Wrong(TOPICS, change.topic() + " does not exist", apply()));
      }
    }
    return findings;
  }

  private List<Finding> leaders() {
    return existing()
        .filter(name -> topic(name).leaderless() > 0)
        .<Finding>map(
            name ->
                new Wrong(
                    TOPICS,
                    "%s: %d of %s without a leader"
                        .formatted(
                            name,
                            topic(name).leaderless(),
                            Units.count(topic(name).partitions(), "partition")),
                    "bring back the brokers that hold them"))
        .toList();
  }

  private List<Finding> partitions() {
    ActualTopic payloads = actual.get(names.phonePayload());
    ActualTopic keys = actual.get(names.sessionKey());
    if (payloads == null || keys == null) {
      return List.of();
    }
    if (payloads.partitions() == keys.partitions()) {
      return List.of(againstTheState(payloads.partitions()));
    }
    boolean payloadsFirst = payloads.partitions() > keys.partitions();
    return List.of(
        new Wrong(
            PARTITIONS,
            "%s has %d and %s has %d, so payloads miss their session keys"
                .formatted(
                    names.phonePayload(),
                    payloads.partitions(),
                    names.sessionKey(),
                    keys.partitions()),
            changelogs.isEmpty()
                ? ("before the first wxphone run, make %s anew with the %d of the other (a number"
                        + " can't be lowered, and a raised one moves keys)")
                    .formatted(
                        payloadsFirst ? names.sessionKey() : names.phonePayload(),
                        Math.max(payloads.partitions(), keys.partitions()))
                : Changelogs.MOVE));
  }

  /** The processor's state has the number that the inputs had at its first run. */
  private Finding againstTheState(int inputs) {
    String both = "%d of %s and of %s".formatted(inputs, names.phonePayload(), names.sessionKey());
    return Changelogs.partitions(changelogs).entrySet().stream()
        .filter(changelog -> changelog.getValue() != inputs)
        .findFirst()
        .<Finding>map(
            changelog ->
                new Wrong(
                    PARTITIONS,
                    "%s, but %d of %s: wxphone run does not start with another number than its"
                            .formatted(both, changelog.getValue(), changelog.getKey())
                        + " state's",
                    Changelogs.MOVE))
        .orElse(new Fine(PARTITIONS, both));
  }

  private List<Finding> refusals() {
    List<Finding> wrong = new ArrayList<>();
    for (Unmet one : unmet) {
      wrong.add(
          isSize(one)
              ? new Wrong(
                  SIZES,
                  "%s: max.message.bytes is %s, and wxphone writes up to %s"
                      .formatted(
                          one.topic(),
                          Units.number(Long.parseLong(one.has())),
                          Units.number(Long.parseLong(one.remedy()))),
                  remedy(one))
              : new Wrong(
                  REFUSALS,
                  "%s: %s is %s and has to be %s, or a broker refuses what wxphone writes"
                      .formatted(one.topic(), one.key(), one.has(), one.needed()),
                  remedy(one)));
    }
    if (unmet.stream().noneMatch(TopicsCheck::isSize)) {
      wrong.add(0, new Fine(SIZES, "each topic takes the largest record that is written to it"));
    }
    return wrong;
  }

  private static boolean isSize(Unmet unmet) {
    return unmet.key().equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
  }

  /** State that is older than half of it is not believed at a start. */
  private List<Finding> tombstones() {
    List<Finding> wrong = new ArrayList<>();
    changelogs.forEach(
        (name, changelog) -> {
          Duration kept = Changelogs.tombstonesKept(changelog);
          if (kept.compareTo(Changelogs.TOMBSTONES_KEPT) < 0) {
            wrong.add(
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
        });
    return wrong;
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
                  .formatted(kept(letters), kept(audit))));
    }
    return List.of(
        new Wrong(
            RETENTION,
            "letters are kept %s, but the audit of their replays only %s: one could be replayed twice"
                .formatted(kept(letters), kept(audit)),
            "set retention.ms of %s to no less than that of %s; topics/ has 90 and 30 days"
                .formatted(names.deadLetterAudit(), names.deadLetter())));
  }

  private static String kept(ActualTopic topic) {
    return topic.retentionMs() == Long.MAX_VALUE
        ? "for ever"
        : Units.time(Duration.ofMillis(topic.retentionMs()));
  }

  private boolean isSaidAsRefusal(AlterConfig alter) {
    return unmet.stream()
        .anyMatch(one -> one.topic().equals(alter.topic()) && one.key().equals(alter.key()));
  }

  /** Where a file asks for enough, applying it helps. */
  private String remedy(Unmet unmet) {
    if (requirements.isChangelog(unmet.topic())) {
      return Changelogs.alter(bootstrapServers, unmet.topic(), unmet.key(), unmet.remedy());
    }
    boolean asked =
        desired.stream()
            .filter(topic -> topic.name().equals(unmet.topic()))
            .map(topic -> topic.config().get(unmet.key()))
            .anyMatch(setting -> setting != null && unmet.meets().test(setting));
    return asked
        ? apply()
        : "set %s of %s to %s%s"
            .formatted(unmet.key(), unmet.topic(), unmet.remedy(), isSize(unmet) ? " or more" : "");
  }

  /** The command that mends it; where the topics have other counts than their files, it says so. */
  private String apply() {
    String command = "wxphone topics apply" + files;
    boolean asFiles =
        desired.stream()
            .filter(topic -> counted().contains(topic.name()))
            .allMatch(
                topic -> counted(topic.name()).orElse(topic.partitions()) == topic.partitions());
    if (asFiles) {
      return command;
    }
    // The option has to fit the inputs; what the outputs have it leaves as it is.
    List<Integer> counts =
        Stream.of(names.phonePayload(), names.sessionKey())
            .map(this::counted)
            .flatMapToInt(OptionalInt::stream)
            .distinct()
            .boxed()
            .toList();
    return switch (counts.size()) {
      case 0 -> command + " --partitions " + counted(names.userProfile()).orElseThrow();
      case 1 -> command + " --partitions " + counts.get(0);
      default -> command + ", once the numbers of partitions are mended";
    };
  }

  /** Those whose number of partitions is fixed. */
  private List<String> counted() {
    return List.of(names.phonePayload(), names.sessionKey(), names.userProfile());
  }

  private Stream<String> existing() {
    return desired.stream().map(DesiredTopic::name).filter(name -> !isMissing(name));
  }

  private boolean isMissing(String name) {
    return !actual.containsKey(name);
  }

  private OptionalInt counted(String name) {
    @Nullable ActualTopic topic = actual.get(name);
    return topic == null ? OptionalInt.empty() : OptionalInt.of(topic.partitions());
  }

  private ActualTopic topic(String name) {
    ActualTopic topic = actual.get(name);
    if (topic == null) {
      throw new IllegalArgumentException(name);
    }
    return topic;
  }
}
