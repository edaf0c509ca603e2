package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/**
 * Runs all checks of a live installation without disturbing it: reads committed records, joins no
 * group, commits no offset, and aborts the one transaction that it begins.
 */
public final class Doctor {
  /** How long one topic is read. */
  static final Duration READ_AT_MOST = Duration.ofSeconds(5);

  private static final int MAX_INPUT_RECORDS = 20_000;
  private static final int MAX_LETTERS = 2_000;

  /** A longer duration would precede the epoch. */
  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  private static final Duration SOON = Duration.ofHours(24);

  private final Settings settings;
  private final TopicNames topics;
  private final KafkaProperties properties;
  private final List<DesiredTopic> desired;
  private final String files;
  private final Duration since;

  /**
   * Creates the checks.
   *
   * @param desired topics as their files want them
   * @param files the option that named the files, with a blank before it; empty for the bundled
   *     ones
   * @param since maximum age of the records that are checked
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
   * Runs all checks, one after the other; if no broker answers, only that of the brokers.
   *
   * @param report receives each finding as soon as its check has ended
   */
  public void examine(Consumer<Finding> report) {
    AdminCalls calls = new AdminCalls(properties.bootstrapServers());
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      Finding brokers = brokers(admin, calls);
      report.accept(brokers);
      if (!(brokers instanceof Fine)) {
        return;
      }
      TopicAdmin topicAdmin = new TopicAdmin(admin, calls);
      Map<String, ActualTopic> actual;
      try {
        actual = topicAdmin.read(topics.byDefaultName().values());
      } catch (OperatorException e) {
        report.accept(Finding.wrong(TopicsCheck.TOPICS, e));
        return;
      }
      Map<String, ActualTopic> state = new TreeMap<>();
      guarded(
              RequirementsCheck.PARTITIONS,
              () -> {
                state.putAll(topicAdmin.read(Changelogs.names(settings.applicationId())));
                return List.of();
              })
          .forEach(report);
      new TopicsCheck(settings, desired, actual, state, properties.bootstrapServers(), files)
          .findings()
          .forEach(report);
      guarded(TransactionCheck.CHECK, topics.deadLetterAudit(), actual, this::transaction)
          .forEach(report);
      try (TopicReader reader = new TopicReader(properties, AdminCalls.TIMEOUT)) {
        guarded(GroupCheck.CHECK, () -> group(admin, calls, actual, reader)).forEach(report);
        guarded(
                PartitionerCheck.CHECK,
                topics.phonePayload(),
                actual,
                topic -> payloads(partitioner(topics.phonePayload(), topic, state), reader))
            .forEach(report);
        guarded(
                SessionKeysCheck.CHECK,
                topics.sessionKey(),
                actual,
                topic -> sessionKeys(partitioner(topics.sessionKey(), topic, state), reader))
            .forEach(report);
        guarded(ExpiryCheck.CHECK, topics.deadLetter(), actual, topic -> letters(topic, reader))
            .forEach(report);
      }
    }
  }

  private static PartitionerCheck partitioner(
      String name, ActualTopic topic, Map<String, ActualTopic> state) {
    return new PartitionerCheck(
        name, topic.partitions(), state.values().stream().findFirst().orElse(topic).partitions());
  }

  private Finding brokers(Admin admin, AdminCalls calls) {
    try {
      Collection<Node> nodes =
          calls.get(admin.describeCluster().nodes(), "Describe on the cluster");
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

  /** The timestamp of a record tells the broker's clock. */
  private List<Finding> transaction(ActualTopic audit) {
    return new TransactionCheck(properties, settings.applicationId(), topics.deadLetterAudit())
        .findings(audit.stampsOnAppend());
  }

  private List<Finding> group(
      Admin admin, AdminCalls calls, Map<String, ActualTopic> actual, TopicReader reader) {
    List<TopicPartition> inputs = new ArrayList<>();
    for (String name : List.of(topics.phonePayload(), topics.sessionKey())) {
      ActualTopic topic = actual.get(name);
      if (topic == null) {
        return List.of(missing(GroupCheck.CHECK, name));
      }
      IntStream.range(0, topic.partitions())
          .forEach(partition -> inputs.add(new TopicPartition(name, partition)));
    }
    return new GroupCheck(admin, calls, settings.applicationId(), inputs, topics)
        .findings(
            reader,
            output ->
                actual.containsKey(output)
                    && reader.mayHoldRecords(READ_AT_MOST, reader.span(output)));
  }

  private List<Finding> payloads(PartitionerCheck partitioner, TopicReader reader) {
    String name = topics.phonePayload();
    Instant now = Instant.now();
    ClocksCheck.OfPublishers clocks = new ClocksCheck.OfPublishers(name, now);
    Consumer<ConsumerRecord<byte[], byte[]>> add = partitioner::add;
    boolean all = readNewest(reader, name, MAX_INPUT_RECORDS, now, add.andThen(clocks::add));
    return ofRead(all, name, partitioner.finding(since, now), clocks.finding());
  }

  private List<Finding> sessionKeys(PartitionerCheck partitioner, TopicReader reader) {
    String name = topics.sessionKey();
    Instant now = Instant.now();
    SessionKeysCheck keys = new SessionKeysCheck(name, settings.appids().isEmpty());
    Consumer<ConsumerRecord<byte[], byte[]>> add = partitioner::add;
    boolean all = readNewest(reader, name, MAX_INPUT_RECORDS, now, add.andThen(keys::add));
    return ofRead(all, name, partitioner.finding(since, now), keys.finding(since));
  }

  private List<Finding> letters(ActualTopic topic, TopicReader reader) {
    String name = topics.deadLetter();
    if (!topic.stampsOnAppend()) {
      return List.of(
          new Unchecked(
              ExpiryCheck.CHECK,
              name + " does not tell when a letter came: it is not LogAppendTime",
              "wxphone topics apply"));
    }
    Instant now = Instant.now();
    ClocksCheck.OfProcessors clocks = new ClocksCheck.OfProcessors(name);
    boolean all = readNewest(reader, name, MAX_LETTERS, now, clocks::add);
    List<Finding> findings = new ArrayList<>(ofRead(all, name, clocks.finding()));
    findings.add(expiring(topic, now, reader));
    return findings;
  }

  /** Returns false if the time was too short for all of them. */
  private boolean readNewest(
      TopicReader reader,
      String topic,
      int most,
      Instant now,
      Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    long from = since.compareTo(FOR_EVER) > 0 ? 0 : now.minus(since).toEpochMilli();
    return reader.readWithin(
        READ_AT_MOST,
        reader.span(topic).newest(most),
        record -> {
          if (record.timestamp() >= from) {
            visitor.accept(record);
          }
        });
  }

  /** A topic that was read in part can prove that something is wrong, but not that nothing is. */
  private static List<Finding> ofRead(boolean all, String topic, Finding... findings) {
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

  private Finding expiring(ActualTopic topic, Instant now, TopicReader reader) {
    if (topic.retentionMs() > now.toEpochMilli()) {
      return ExpiryCheck.of(0, true, SOON);
    }
    Instant until = now.plus(SOON).minusMillis(topic.retentionMs());
    List<DeadLetterId> replayable = new ArrayList<>();
    boolean all =
        reader.readWithin(
            READ_AT_MOST,
            reader.spanBefore(topics.deadLetter(), until),
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

  /** Runs a check of a topic. */
  private static List<Finding> guarded(
      String check,
      String name,
      Map<String, ActualTopic> actual,
      Function<ActualTopic, List<Finding>> findings) {
    ActualTopic topic = actual.get(name);
    return topic == null
        ? List.of(missing(check, name))
        : guarded(check, () -> findings.apply(topic));
  }

  /**
   * Runs a check; one that fails is reported as unchecked, or as wrong if a record takes all
   * memory, and does not stop the others.
   */
  private static List<Finding> guarded(String check, Supplier<List<Finding>> findings) {
    try {
      return findings.get();
    } catch (OperatorException e) {
      return List.of(
          KafkaErrors.isCausedBy(e, OutOfMemoryError.class)
              ? Finding.wrong(check, e)
              : Finding.unchecked(check, e));
    } catch (KafkaException e) {
      return List.of(Finding.unchecked(check, KafkaErrors.ofClient(e)));
    }
  }

  private static Finding missing(String check, String topic) {
    return new Unchecked(check, topic + " does not exist", "make the topics, then run this again");
  }
}
