package dev.wxphone.doctor;

import dev.wxphone.doctor.Finding.Fine;
import dev.wxphone.doctor.Finding.Wrong;
import dev.wxphone.runtime.Changelogs;
import dev.wxphone.runtime.TopicRoom;
import dev.wxphone.settings.TopicNames;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicChange;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** What is wrong with the topics as the cluster has them. */
final class TopicFindings {
  static final String TOPICS = "topics";
  static final String PARTITIONS = "partitions";
  static final String SIZES = "size limits";
  static final String RETENTION = "retention";

  private final TopicNames names;
  private final List<DesiredTopic> desired;
  private final Map<String, ActualTopic> actual;
  private final Map<String, Integer> changelogs;
  private final String files;

  /**
   * Begins to compare.
   *
   * @param actual by name; what is not in it does not exist
   * @param changelogs how many partitions those of the processor's state have that exist, by name
   * @param files the option by which {@code desired} was named, or empty
   */
  TopicFindings(
      TopicNames names,
      List<DesiredTopic> desired,
      Map<String, ActualTopic> actual,
      Map<String, Integer> changelogs,
      String files) {
    this.names = names;
    this.desired = desired;
    this.actual = actual;
    this.changelogs = changelogs;
    this.files = files;
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
    findings.addAll(sizes());
    findings.addAll(retention());
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
        if (!isSaidAsSize(alter)) {
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
                            Told.count(topic(name).partitions(), "partition")),
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
    return changelogs.entrySet().stream()
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

  private List<Finding> sizes() {
    List<Finding> wrong = new ArrayList<>();
    for (String name : written().toList()) {
      int needed = TopicRoom.needed(names, name);
      if (topic(name).maxMessageBytes() < needed) {
        wrong.add(
            new Wrong(
                SIZES,
                "%s: max.message.bytes is %s, and wxphone writes up to %s"
                    .formatted(
                        name, Told.number(topic(name).maxMessageBytes()), Told.number(needed)),
                sizeRemedy(name, needed)));
      }
    }
    return wrong.isEmpty()
        ? List.of(new Fine(SIZES, "each topic takes the largest record that is written to it"))
        : wrong;
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
        : Told.time(Duration.ofMillis(topic.retentionMs()));
  }

  private boolean isSaidAsSize(AlterConfig alter) {
    return alter.key().equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
        && written().anyMatch(alter.topic()::equals)
        && topic(alter.topic()).maxMessageBytes() < TopicRoom.needed(names, alter.topic());
  }

  /** Where a file asks for enough, applying it helps. */
  private String sizeRemedy(String name, int needed) {
    boolean asked =
        desired.stream()
            .filter(topic -> topic.name().equals(name))
            .map(topic -> topic.config().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
            .anyMatch(size -> size != null && Long.parseLong(size) >= needed);
    return asked
        ? apply()
        : "set max.message.bytes of %s to %d or more, or remove it from the topic"
            .formatted(name, needed);
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

  private Stream<String> written() {
    return existing().filter(name -> !name.equals(names.deadLetterAudit()));
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
