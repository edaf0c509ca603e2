package dev.wxphone.topics;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.topics.TopicChange.AddPartitions;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicChange.Refused;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads a cluster's topics, and creates and alters them as their files want them. */
public final class TopicAdmin {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Admin admin;
  private final AdminCalls calls;

  /**
   * Uses an open admin client, which the caller closes.
   *
   * @param calls whose timeout limits each call, and the wait until the brokers show a change
   */
  public TopicAdmin(Admin admin, AdminCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /** Returns the changes that {@link #apply} would make. */
  public TopicPlan plan(List<DesiredTopic> desired) {
    return TopicPlan.of(desired, read(names(desired)));
  }

  /**
   * Creates and alters the topics, and returns the changes once the brokers show them, with a
   * leader for every new partition.
   *
   * @throws OperatorException if a change is refused by the plan, or by Kafka's validation, before
   *     any was made; or if the brokers do not show the changes in time
   */
  public TopicPlan apply(List<DesiredTopic> desired) {
    var done = new LinkedHashSet<TopicChange>();
    var deadline = System.nanoTime() + calls.timeout().toNanos();
    while (true) {
      // Each round plans from the current state: a broker may show a change late, and another
      // operator may have created a topic meanwhile, which then still needs its settings.
      var actual = read(names(desired));
      var plan = TopicPlan.of(desired, actual);
      refuse(plan, done.isEmpty());
      if (plan.isEmpty() && allLed(done, actual)) {
        return new TopicPlan(List.copyOf(done));
      }
      var next = plan.changes().stream().filter(change -> !done.contains(change)).toList();
      // Validation asks the controller, which knows what the described broker may not show yet,
      // such
      // as a topic of this name with other partitions; found only later, it would leave the changes
      // half made.
      if (next.stream().allMatch(change -> make(change, true))) {
        for (var change : next) {
          done.add(change);
          make(change, false);
          deadline = System.nanoTime() + calls.timeout().toNanos();
        }
      }
      if (System.nanoTime() - deadline > 0) {
        throw OperatorException.failed(
            ("the cluster at %s took the changes but does not show them within %s: look at its"
                    + " brokers, then run this again")
                .formatted(calls.bootstrapServers(), calls.timeout().toSeconds() + " s"));
      }
      pause();
    }
  }

  /** Returns those of these topics that exist, by name. */
  public Map<String, ActualTopic> read(Collection<String> names) {
    var descriptions = new HashMap<String, TopicDescription>();
    var options = new DescribeTopicsOptions().timeoutMs(timeoutMs());
    admin
        .describeTopics(names, options)
        .topicNameValues()
        .forEach(
            (name, future) ->
                found(future, "Describe on the topic " + name)
                    .ifPresent(description -> descriptions.put(name, description)));

    var configs = new HashMap<String, Config>();
    var resources = descriptions.keySet().stream().map(TopicAdmin::resource).toList();
    admin
        .describeConfigs(resources, new DescribeConfigsOptions().timeoutMs(timeoutMs()))
        .values()
        .forEach(
            (resource, future) ->
                found(future, "DescribeConfigs on the topic " + resource.name())
                    .ifPresent(config -> configs.put(resource.name(), config)));

    var topics = new HashMap<String, ActualTopic>();
    descriptions.forEach(
        (name, description) -> {
          var config = configs.get(name);
          if (config != null) {
            topics.put(name, actual(description, config));
          }
        });
    return Map.copyOf(topics);
  }

  private static ActualTopic actual(TopicDescription description, Config config) {
    var leaderless = 0;
    var replicas = 0;
    for (var partition : description.partitions()) {
      replicas = Math.max(replicas, partition.replicas().size());
      if (partition.leader() == null || partition.leader().isEmpty()) {
        leaderless++;
      }
    }
    return new ActualTopic(
        description.topicId().toString(),
        description.partitions().size(),
        leaderless,
        replicas,
        config.entries().stream()
            // Sensitive settings come without a value; topics have none today.
            .filter(entry -> entry.value() != null)
            .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
  }

  private static boolean allLed(Collection<TopicChange> done, Map<String, ActualTopic> actual) {
    return done.stream()
        .filter(change -> change instanceof Create || change instanceof AddPartitions)
        .map(change -> actual.get(change.topic()))
        .allMatch(topic -> topic != null && topic.leaderless() == 0);
  }

  private static void refuse(TopicPlan plan, boolean untouched) {
    var refusals = plan.refusals();
    if (refusals.isEmpty()) {
      return;
    }
    throw OperatorException.failed(
        (untouched ? "nothing was changed: " : "stopped halfway: ")
            + refusals.stream().map(Refused::sentence).collect(Collectors.joining("; also, ")));
  }

  /**
   * Makes one change, or only validates it.
   *
   * @return false if another client has made the same change
   */
  private boolean make(TopicChange change, boolean validateOnly) {
    var topic = change.topic();
    if (change instanceof Create create) {
      var factor =
          create.replicas().isPresent()
              ? Optional.of((short) create.replicas().getAsInt())
              : Optional.<Short>empty();
      var wanted =
          new NewTopic(topic, Optional.of(create.partitions()), factor).configs(create.config());
      var options = new CreateTopicsOptions().validateOnly(validateOnly).timeoutMs(timeoutMs());
      var result = admin.createTopics(List.of(wanted), options);
      return await(result.all(), topic, "Create on the topic " + topic);
    } else if (change instanceof AlterConfig alter) {
      var set =
          new AlterConfigOp(new ConfigEntry(alter.key(), alter.to()), AlterConfigOp.OpType.SET);
      var options = new AlterConfigsOptions().validateOnly(validateOnly).timeoutMs(timeoutMs());
      var result = admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(set)), options);
      return await(result.all(), topic, "AlterConfigs on the topic " + topic);
    } else if (change instanceof AddPartitions add) {
      var options = new CreatePartitionsOptions().validateOnly(validateOnly).timeoutMs(timeoutMs());
      var more = Map.of(topic, NewPartitions.increaseTo(add.to()));
      var result = admin.createPartitions(more, options);
      return await(result.all(), topic, "Alter on the topic " + topic);
    }
    return true;
  }

  /** Waits for a change; returns false if another client has made the same one. */
  private boolean await(KafkaFuture<Void> future, String topic, String acl) {
    try {
      calls.get(future, acl);
      return true;
    } catch (TopicExistsException | InvalidPartitionsException e) {
      return false;
    } catch (ApiException e) {
      throw KafkaErrors.ofBroker(e, calls.bootstrapServers(), topic + ": ", acl);
    }
  }

  private <T> Optional<T> found(KafkaFuture<T> future, String acl) {
    try {
      return Optional.of(calls.get(future, acl));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    } catch (ApiException e) {
      throw KafkaErrors.ofBroker(e, calls.bootstrapServers(), "", acl);
    }
  }

  private static List<String> names(List<DesiredTopic> desired) {
    return desired.stream().map(DesiredTopic::name).toList();
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private int timeoutMs() {
    return Math.toIntExact(calls.timeout().toMillis());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
