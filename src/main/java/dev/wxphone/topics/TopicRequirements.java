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
 * What the settings in force of each topic that the stream writes to have to be, the changelogs of
 * its state among them: a record that a broker refuses would stop it for ever.
 *
 * @param topics that exist, by name
 */
public record TopicRequirements(
    TopicNames names, String applicationId, Map<String, ActualTopic> topics) {
  /** The largest profile, rerouted copy or waiting payload, generously. */
  public static final int OTHER_BYTES = 512 * 1024;

  /** How far apart the clocks of broker and processor may be: Kafka's own default. */
  private static final long CLOCKS_MS = Duration.ofHours(1).toMillis();

  public TopicRequirements {
    topics = Map.copyOf(topics);
  }

  /**
   * One that is not met.
   *
   * @param has what the setting is
   * @param needed what it has to be, in words
   * @param remedy a value that it may have
   */
  public record Unmet(
      String topic,
      String key,
      String has,
      String needed,
      String remedy,
      Predicate<String> meets) {}

  /** All that are not met, a topic's together. */
  public List<Unmet> unmet() {
    List<Unmet> unmet = new ArrayList<>();
    Stream.of(
            names.phonePayload(),
            names.sessionKey(),
            names.userProfile(),
            names.deadLetter(),
            Changelogs.users(applicationId),
            Changelogs.waiting(applicationId))
        .filter(topics::containsKey)
        .forEach(name -> addUnmet(unmet, name));
    return unmet;
  }

  /** Whether it is a topic of the state, which no file describes. */
  public boolean isChangelog(String name) {
    return name.equals(Changelogs.users(applicationId))
        || name.equals(Changelogs.waiting(applicationId));
  }

  private void addUnmet(List<Unmet> unmet, String name) {
    boolean letters = name.equals(names.deadLetter());
    addSmaller(
        unmet,
        name,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        letters ? OutgoingDeadLetter.MAX_BYTES : OTHER_BYTES);
    if (!topic(name).stampsOnAppend()) {
      addSmaller(unmet, name, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, before(name));
      addSmaller(unmet, name, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, after(name));
    }
    // One that packs anew may make a batch larger than what it took.
    addOther(unmet, name, TopicConfig.COMPRESSION_TYPE_CONFIG, "producer", "producer"::equals);
    if (letters) {
      // A letter has the key of its record, which may be none.
      addOther(
          unmet,
          name,
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_DELETE,
          policy -> !policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT));
    }
  }

  /** Profiles and state bear the time of their click; letters and copies that of the moment. */
  private long before(String name) {
    return isChangelog(name) || name.equals(names.userProfile()) ? Long.MAX_VALUE : CLOCKS_MS;
  }

  /** Nothing is written with a later time than ours, but state may bear that of a record. */
  private long after(String name) {
    long most = CLOCKS_MS;
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

  private void addSmaller(List<Unmet> unmet, String name, String key, long least) {
    String value = topic(name).config().get(key);
    if (value != null && Long.parseLong(value) < least) {
      String number = Long.toString(least);
      unmet.add(
          new Unmet(
              name,
              key,
              value,
              "at least " + number,
              number,
              other -> Long.parseLong(other) >= least));
    }
  }

  private void addOther(
      List<Unmet> unmet, String name, String key, String needed, Predicate<String> meets) {
    String value = topic(name).config().get(key);
    if (value != null && !meets.test(value)) {
      unmet.add(new Unmet(name, key, value, needed, needed, meets));
    }
  }

  private ActualTopic topic(String name) {
    ActualTopic topic = topics.get(name);
    if (topic == null) {
      throw new IllegalArgumentException(name);
    }
    return topic;
  }
}
