package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.ClientTrouble;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.NewestRecords;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicAdmin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * Examines a live installation without disturbing it: reads committed records, joins no group,
 * commits no offset, and takes back the one transaction that it opens.
 */
public final class Doctor {
  private static final int INPUT_RECORDS = 20_000;
  private static final int LETTERS = 2_000;
  private static final Duration FOR_EVER = Duration.ofDays(10_000);
  private static final Duration SOON = Duration.ofHours(24);
  private static final String TOPICS_FIRST = "make the topics, then run this again";

  private final Settings settings;
  private final TopicNames topics;
  private final KafkaProperties properties;
  private final List<DesiredTopic> desired;
  private final String files;
  private final Duration since;

  /**
   * Prepares an examination.
   *
   * @param desired the five topics as they should be
   * @param files the option that named them, with a blank before it, or empty
   * @param since how old a record may be that is judged
   */
  public Doctor(Settings settings, List<DesiredTopic> desired, String files, Duration since) {
    this.settings = settings;
    this.topics = settings.topics();
    this.properties = new KafkaProperties(settings);
    this.desired = desired;
    this.files = files;
    this.since = since;
  }

  /**
   * Makes all checks, one after the other; without a broker, that is one.
   *
   * @param told takes each finding as soon as it is there
   */
  public void examine(Consumer<Finding> told) {
    AdminCalls asking = new AdminCalls(properties.bootstrapServers());
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      Finding brokers = brokers(admin, asking);
      told.accept(brokers);
      if (!(brokers instanceof Fine)) {
        return;
      }
      TopicAdmin topicAdmin =
          new TopicAdmin(admin, properties.bootstrapServers(), AdminCalls.TIMEOUT);
      Map<String, ActualTopic> actual;
      try {
        actual = topicAdmin.read(topics.byDefaultName().values());
      } catch (OperatorException e) {
        told.accept(Finding.wrong(TopicsCheck.TOPICS, e));
        return;
      }
      Map<String, ActualTopic> state = new TreeMap<>();
      guarded(
              TopicsCheck.PARTITIONS,
              () -> {
                state.putAll(Changelogs.read(topicAdmin, settings.applicationId()));
                return List.of();
              })
          .forEach(told);
      Map<String, Integer> changelogs = Changelogs.partitions(state);
      new TopicsCheck(settings, desired, actual, state, properties.bootstrapServers(), files)
          .all()
          .forEach(told);
      guarded(TransactionFinding.CHECK, () -> transaction(actual)).forEach(told);
      try (NewestRecords records = new NewestRecords(properties, AdminCalls.TIMEOUT)) {
        guarded(GroupCheck.CHECK, () -> group(admin, asking, actual, records)).forEach(told);
        guarded(PartitionerCheck.CHECK, () -> payloads(actual, changelogs, records)).forEach(told);
        guarded(SessionKeysCheck.CHECK, () -> sessionKeys(actual, changelogs, records))
            .forEach(told);
        guarded(ExpiryCheck.CHECK, () -> letters(actual, records)).forEach(told);
      }
    }
  }

  private Finding brokers(Admin admin, AdminCalls asking) {
    try {
      Collection<Node> nodes =
          asking.of(admin.describeCluster().nodes(), "Describe on the cluster");
      return new Fine(
          "brokers",
          "%d at %s"
              .formatted(
                  nodes.size(),
                  nodes.stream()
                      .map(node -> node.host() + ":" + node.port())
                      .sorted()
                      .collect(Collectors.joining(", "))));
    } catch (OperatorException e) {
      return Finding.wrong("brokers", e);
    }
  }

  /** The broker's stamp on what is sent in it tells the broker's clock. */
  private List<Finding> transaction(Map<String, ActualTopic> actual) {
    ActualTopic audit = actual.get(topics.deadLetterAudit());
    if (audit == null) {
      return List.of(
          new Unchecked(TransactionFinding.CHECK, missing(topics.deadLetterAudit()), TOPICS_FIRST));
    }
    return new TransactionCheck(properties, settings.applicationId(), topics.deadLetterAudit())
        .findings(audit.stampsOnAppend());
  }

  private List<Finding> group(
      Admin admin, AdminCalls asking, Map<String, ActualTopic> actual, NewestRecords records) {
    List<TopicPartition> inputs = new ArrayList<>();
    for (String name : List.of(topics.phonePayload(), topics.sessionKey())) {
      ActualTopic topic = actual.get(name);
      if (topic == null) {
        return List.of(new Unchecked(GroupCheck.CHECK, missing(name), TOPICS_FIRST));
      }
      IntStream.range(0, topic.partitions())
          .forEach(partition -> inputs.add(new TopicPartition(name, partition)));
    }
    return new GroupSnapshot(admin, asking, settings.applicationId(), inputs, topics)
        .findings(records, output -> actual.containsKey(output) && records.holdsAny(output));
  }

  private List<Finding> payloads(
      Map<String, ActualTopic> actual, Map<String, Integer> changelogs, NewestRecords records) {
    String name = topics.phonePayload();
    ActualTopic topic = actual.get(name);
    if (topic == null) {
      return List.of(new Unchecked(PartitionerCheck.CHECK, missing(name), TOPICS_FIRST));
    }
    Instant now = Instant.now();
    PartitionerCheck placement = placement(name, topic.partitions(), changelogs);
    ClocksCheck.OfPublishers clock = new ClocksCheck.OfPublishers(name, now);
    boolean all =
        records.read(
            name,
            INPUT_RECORDS,
            from(now),
            record -> {
              placement.add(record);
              clock.add(record);
            });
    return seen(all, name, placement.finding(since, now), clock.finding());
  }

  private List<Finding> sessionKeys(
      Map<String, ActualTopic> actual, Map<String, Integer> changelogs, NewestRecords records) {
    String name = topics.sessionKey();
    ActualTopic topic = actual.get(name);
    if (topic == null) {
      return List.of(new Unchecked(SessionKeysCheck.CHECK, missing(name), TOPICS_FIRST));
    }
    Instant now = Instant.now();
    PartitionerCheck placement = placement(name, topic.partitions(), changelogs);
    SessionKeysCheck shapes = new SessionKeysCheck(name, settings.appids().isEmpty());
    boolean all =
        records.read(
            name,
            INPUT_RECORDS,
            from(now),
            record -> {
              placement.add(record);
              shapes.add(record);
            });
    return seen(all, name, placement.finding(since, now), shapes.finding(since));
  }

  private static PartitionerCheck placement(
      String topic, int partitions, Map<String, Integer> changelogs) {
    return new PartitionerCheck(
        topic, partitions, changelogs.values().stream().findFirst().orElse(partitions));
  }

  private List<Finding> letters(Map<String, ActualTopic> actual, NewestRecords records) {
    String name = topics.deadLetter();
    ActualTopic topic = actual.get(name);
    if (topic == null) {
      return List.of(new Unchecked(ExpiryCheck.CHECK, missing(name), TOPICS_FIRST));
    }
    if (!topic.stampsOnAppend()) {
      return List.of(
          new Unchecked(
              ExpiryCheck.CHECK,
              name + " does not tell when a letter came: it is not LogAppendTime",
              "wxphone topics apply"));
    }
    Instant now = Instant.now();
    ClocksCheck.OfProcessors clock = new ClocksCheck.OfProcessors(name);
    boolean all = records.read(name, LETTERS, from(now), clock::add);
    List<Finding> findings = new ArrayList<>(seen(all, name, clock.finding()));
    findings.add(expiring(topic, now, records));
    return findings;
  }

  /** What was not read to its end proves that something is wrong, but not that nothing is. */
  private static List<Finding> seen(boolean all, String topic, Finding... findings) {
    return Stream.of(findings)
        .map(
            finding ->
                all || !(finding instanceof Fine)
                    ? finding
                    : new Unchecked(
                        finding.check(),
                        topic + " could not be read in time",
                        "run this again when the brokers have less to do"))
        .toList();
  }

  private Finding expiring(ActualTopic topic, Instant now, NewestRecords records) {
    if (topic.retentionMs() > now.toEpochMilli()) {
      return ExpiryCheck.of(0, true, SOON);
    }
    Instant until = now.plus(SOON).minusMillis(topic.retentionMs());
    List<DeadLetterId> replayable = new ArrayList<>();
    boolean all =
        records.readOldest(
            topics.deadLetter(),
            until,
            record -> {
              DeadLetter letter = DeadLetter.read(record);
              if (letter != null && AssessedLetter.isOpen(letter, null)) {
                replayable.add(letter.id());
              }
            });
    return ExpiryCheck.of(replayable.isEmpty() ? 0 : open(replayable), all, SOON);
  }

  private long open(List<DeadLetterId> replayable) {
    try (DeadLetters letters = DeadLetters.open(settings, read -> {})) {
      return replayable.stream().filter(id -> letters.auditLog().latest(id) == null).count();
    }
  }

  private Instant from(Instant now) {
    return since.compareTo(FOR_EVER) > 0 ? Instant.EPOCH : now.minus(since);
  }

  /** What can't be asked or read is said, and the other checks go on. */
  private static List<Finding> guarded(String check, Supplier<List<Finding>> findings) {
    try {
      return findings.get();
    } catch (OperatorException e) {
      return List.of(Finding.unchecked(check, e));
    } catch (KafkaException e) {
      return List.of(Finding.unchecked(check, ClientTrouble.of(e)));
    }
  }

  private static String missing(String topic) {
    return topic + " does not exist";
  }
}
