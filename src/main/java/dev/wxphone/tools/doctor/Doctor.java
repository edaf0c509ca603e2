package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.AuthorizedOperations;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicAdmin;
import java.time.Duration;
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
import org.apache.kafka.clients.admin.Admin;
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
      guarded(RightsCheck.CHECK, () -> rights(admin, calls)).forEach(report);
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
        TrafficChecks traffic = new TrafficChecks(settings, state, reader, since);
        guarded(PartitionerCheck.CHECK, topics.phonePayload(), actual, traffic::payloads)
            .forEach(report);
        guarded(SessionKeysCheck.CHECK, topics.sessionKey(), actual, traffic::sessionKeys)
            .forEach(report);
        if (exist(actual, topics.phonePayload(), topics.sessionKey())) {
          guarded(InputsCheck.INPUTS, traffic::inputs).forEach(report);
        }
        guarded(ExpiryCheck.CHECK, topics.deadLetter(), actual, traffic::letters).forEach(report);
        if (exist(actual, topics.phonePayload(), topics.userProfile(), topics.deadLetter())) {
          guarded(AnswersCheck.CHECK, traffic::answers).forEach(report);
        }
      }
    }
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

  private List<Finding> rights(Admin admin, AdminCalls calls) {
    AuthorizedOperations allowed =
        AuthorizedOperations.ask(
            admin,
            calls,
            List.copyOf(topics.byDefaultName().values()),
            Changelogs.names(settings.applicationId()),
            settings.applicationId());
    return RightsCheck.of(allowed, settings, properties.bootstrapServers());
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

  private static boolean exist(Map<String, ActualTopic> actual, String... names) {
    return actual.keySet().containsAll(List.of(names));
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
