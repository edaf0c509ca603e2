package dev.wxphone.topics;

import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * One step from the topics as they are to the topics as they should be, or why it can't be taken.
 */
public sealed interface TopicChange {

  /** The real topic that it is about. */
  String topic();

  /** The topic is missing. */
  record Create(
      String topic, int partitions, OptionalInt replicas, SortedMap<String, String> config)
      implements TopicChange {}

  /** One setting differs. */
  record AlterConfig(String topic, String key, String from, String to) implements TopicChange {}

  /** A topic in which nothing is looked up by partition gets more of them. */
  record AddPartitions(String topic, int from, int to) implements TopicChange {}

  /** A difference that can't be mended in place; the sentence says why, and what to do. */
  record Refused(String topic, String sentence) implements TopicChange {}
}
