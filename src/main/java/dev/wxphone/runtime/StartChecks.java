package dev.wxphone.runtime;

import dev.wxphone.OperatorException;
import dev.wxphone.settings.TopicNames;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.TopicAdmin;
import java.util.List;
import java.util.Map;

/**
 * What has to hold of the topics before the first record: the Processor API checks no
 * co-partitioning, and an answer that its topic refuses would stop the stream for ever. Each check
 * fails with one line.
 */
final class StartChecks {
  private StartChecks() {}

  /**
   * Checks all and tells how many partitions the inputs have.
   *
   * @param changelogs how many partitions those have that exist, by name
   */
  static int partitions(TopicAdmin admin, TopicNames topics, Map<String, Integer> changelogs) {
    List<String> needed =
        List.of(
            topics.phonePayload(), topics.sessionKey(), topics.userProfile(), topics.deadLetter());
    Map<String, ActualTopic> actual = admin.read(needed);
    for (String name : needed) {
      ActualTopic topic = actual.get(name);
      if (topic == null) {
        throw OperatorException.failed(
            "the topic %s does not exist; make it with: wxphone topics apply".formatted(name));
      }
      requireRoom(name, topic, TopicRoom.needed(topics, name));
    }
    int payloads = partitions(actual, topics.phonePayload());
    int keys = partitions(actual, topics.sessionKey());
    if (payloads != keys) {
      throw OperatorException.failed(
          "%s has %d partitions and %s has %d, so payloads would miss their session keys; %s"
              .formatted(
                  topics.phonePayload(),
                  payloads,
                  topics.sessionKey(),
                  keys,
                  changelogs.isEmpty()
                      ? "make the two equal (wxphone topics plan tells how)"
                      : Changelogs.MOVE));
    }
    changelogs.forEach(
        (changelog, count) -> {
          if (count != payloads) {
            throw OperatorException.failed(
                "%s and %s have %d partitions, but the state in %s has %d, and they are fixed; %s"
                    .formatted(
                        topics.phonePayload(),
                        topics.sessionKey(),
                        payloads,
                        changelog,
                        count,
                        Changelogs.MOVE));
          }
        });
    return payloads;
  }

  private static int partitions(Map<String, ActualTopic> actual, String name) {
    ActualTopic topic = actual.get(name);
    return topic == null ? 0 : topic.partitions();
  }

  private static void requireRoom(String name, ActualTopic topic, int bytes) {
    if (topic.maxMessageBytes() < bytes) {
      throw OperatorException.failed(
          "max.message.bytes of %s is %d and has to be at least %d; set it with: wxphone topics apply"
              .formatted(name, topic.maxMessageBytes(), bytes));
    }
  }
}
