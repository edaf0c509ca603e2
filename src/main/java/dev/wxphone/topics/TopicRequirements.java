package dev.wxphone.topics;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the stream requires of its topics, the changelogs of its state among them. {@code run}
 * refuses to start at the first violation, and {@code doctor} reports all: the Processor API does
 * not check co-partitioning, and a record that a broker rejects would stop the stream for ever.
 *
 * @param topics that exist, by name
 */
public record TopicRequirements(
    TopicNames names, String applicationId, Map<String, ActualTopic> topics) {
  /** Upper limit, in bytes, of a profile, a rerouted copy or a stored payload. */
  public static final int OTHER_BYTES = 512 * 1024;

  /**
   * How far apart the clocks of broker and processor may be, in milliseconds: Kafka's default of
   * message.timestamp.after.max.ms.
   */
  private static final long CLOCK_SKEW_MS = Duration.ofHours(1).toMillis();

  public TopicRequirements {
    topics = Map.copyOf(topics);
  }

  /** A requirement that is not met. */
  public sealed interface Violation {}

  /** The topic does not exist. */
  public record Missing(String topic) implements Violation {}

  /**
   * A setting in force must have another value.
   *
   * @param actual value in force
   * @param required description of the values that meet the requirement
   * @param remedy one of them
   * @param meets whether a value does
   */
  public record UnmetSetting(
      String topic,
      String key,
      String actual,
      String required,
      String remedy,
      Predicate<String> meets)
      implements Violation {}

  /**
   * The inputs have different numbers of partitions, so payloads miss their session keys.
   *
   * @param hasState whether the stream has run before
   */
  public record UnequalInputs(int payloads, int sessionKeys, boolean hasState)
      implements Violation {}

  /**
   * A changelog has another number of partitions than the inputs. It has the number that they had
   * at the first run, and Kafka Streams starts with no other.
   */
  public record UnequalState(int inputs, String changelog, int partitions) implements Violation {}

  /** Returns all violations, in the order in which they should be fixed. */
  public List<Violation> violations() {
    List<Violation> violations = new ArrayList<>();
    Stream.of(names.phonePayload(), names.sessionKey(), names.userProfile(), names.deadLetter())
        .filter(name -> !topics.containsKey(name))
        .forEach(name -> violations.add(new Missing(name)));
    violations.addAll(unmetSettings());
    addUnequalPartitions(violations);
    return violations;
  }

  /** Returns the settings that must have another value, grouped by topic. */
  public List<UnmetSetting> unmetSettings() {
    List<UnmetSetting> unmet = new ArrayList<>();
    Stream.concat(
            Stream.of(
                names.phonePayload(), names.sessionKey(), names.userProfile(), names.deadLetter()),
            Changelogs.names(applicationId).stream())
        .filter(topics::containsKey)
        .forEach(name -> addUnmetSettings(unmet, name));
    return unmet;
  }

  /** Returns whether the topic is a changelog, which no file describes. */
  public boolean isChangelog(String name) {
    return Changelogs.names(applicationId).contains(name);
  }

  private void addUnequalPartitions(List<Violation> violations) {
    ActualTopic payloads = topics.get(names.phonePayload());
    ActualTopic keys = topics.get(names.sessionKey());
    if (payloads == null || keys == null) {
      return;
    }
    List<String> changelogs =
        Changelogs.names(applicationId).stream().filter(topics::containsKey).toList();
    if (payloads.partitions() != keys.partitions()) {
      violations.add(
          new UnequalInputs(payloads.partitions(), keys.partitions(), !changelogs.isEmpty()));
      return;
    }
    // One is enough: Kafka Streams creates all with the same number.
    changelogs.stream()
        .filter(name -> topic(name).partitions() != payloads.partitions())
        .findFirst()
        .ifPresent(
            name ->
                violations.add(
                    new UnequalState(payloads.partitions(), name, topic(name).partitions())));
  }

  private void addUnmetSettings(List<UnmetSetting> unmet, String name) {
    boolean deadLetters = name.equals(names.deadLetter());
    requireAtLeast(
        unmet,
        name,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        deadLetters ? OutgoingDeadLetter.MAX_BYTES : OTHER_BYTES);
    if (!topic(name).stampsOnAppend()) {
      requireAtLeast(
          unmet, name, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, beforeMaxMs(name));
      requireAtLeast(
          unmet, name, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, afterMaxMs(name));
    }
    // A broker that recompresses may make a batch larger than the one it accepted.
    require(
        unmet,
        name,
        TopicConfig.COMPRESSION_TYPE_CONFIG,
        "producer",
        "producer",
        "producer"::equals);
    if (deadLetters) {
      // A dead letter has the key of its record, which may be null.
      require(
          unmet,
          name,
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.CLEANUP_POLICY_DELETE,
          policy -> !policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT));
    }
  }

  /** Profiles and state have the timestamp of their click, the rest that of their writing. */
  private long beforeMaxMs(String name) {
    return isChangelog(name) || name.equals(names.userProfile()) ? Long.MAX_VALUE : CLOCK_SKEW_MS;
  }

  /** Nothing is written with a timestamp in the future, but state may have that of an input. */
  private long afterMaxMs(String name) {
    long most = CLOCK_SKEW_MS;
    if (isChangelog(name)) {
      for (String input : List.of(names.phonePayload(), names.sessionKey())) {
        ActualTopic topic = topics.get(input);
        String limit =
            topic == null || topic.stampsOnAppend()
                ? null
                : topic.config().get(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG);
        most = Math.max(most, limit == null ? 0 : Long.parseLong(limit));
      }
    }
    return most;
  }

  private void requireAtLeast(List<UnmetSetting> unmet, String name, String key, long least) {
    String number = Long.toString(least);
    require(
        unmet, name, key, "at least " + number, number, value -> Long.parseLong(value) >= least);
  }

  private void require(
      List<UnmetSetting> unmet,
      String name,
      String key,
      String required,
      String remedy,
      Predicate<String> meets) {
    String value = topic(name).config().get(key);
    if (value != null && !meets.test(value)) {
      unmet.add(new UnmetSetting(name, key, value, required, remedy, meets));
    }
  }

  /**
   * Returns a topic.
   *
   * @throws IllegalArgumentException if it does not exist
   */
  public ActualTopic topic(String name) {
    ActualTopic topic = topics.get(name);
    if (topic == null) {
      throw new IllegalArgumentException(name);
    }
    return topic;
  }
}
