package dev.wxphone.topics;

import java.util.OptionalInt;
import java.util.SortedMap;

/** A change that makes a topic as its file wants it, or the reason why it can't be made. */
public sealed interface TopicChange {

  /** Returns the name of the topic. */
  String topic();

  /** Creates a topic that does not exist. */
  record Create(
      String topic, int partitions, OptionalInt replicas, SortedMap<String, String> config)
      implements TopicChange {}

  /** Alters a setting that differs. */
  record AlterConfig(String topic, String key, String from, String to) implements TopicChange {}

  /** Adds partitions to a topic in which nothing is looked up by partition. */
  record AddPartitions(String topic, int from, int to) implements TopicChange {}

  /** A difference that can't be changed in place; the sentence says why, and what to do. */
  record Refused(String topic, String sentence) implements TopicChange {}
}
