package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicRequirements.UnmetSetting;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The {@code wxphone topics apply} that fixes the topics of this cluster.
 *
 * @param actual topics that exist, by name
 * @param files the option that named the files, with a blank before it; empty for the bundled ones
 */
record ApplyCommand(
    TopicNames names, List<DesiredTopic> desired, Map<String, ActualTopic> actual, String files) {

  /** Returns whether the command makes the setting meet its requirement. */
  boolean wouldMeet(UnmetSetting unmet) {
    return desired.stream()
        .filter(topic -> topic.name().equals(unmet.topic()))
        .map(topic -> topic.config().get(unmet.key()))
        .anyMatch(setting -> setting != null && unmet.meets().test(setting));
  }

  /**
   * Returns the command, with an option if the topics have other partition counts than their files.
   */
  String text() {
    String command = "wxphone topics apply" + files;
    List<String> fixed = List.of(names.phonePayload(), names.sessionKey(), names.userProfile());
    boolean asFiles =
        desired.stream()
            .filter(topic -> fixed.contains(topic.name()))
            .allMatch(
                topic -> partitions(topic.name()).orElse(topic.partitions()) == topic.partitions());
    if (asFiles) {
      return command;
    }
    // The option has to match the inputs; it does not change existing outputs.
    List<Integer> counts =
        Stream.of(names.phonePayload(), names.sessionKey())
            .map(this::partitions)
            .flatMapToInt(OptionalInt::stream)
            .distinct()
            .boxed()
            .toList();
    return switch (counts.size()) {
      case 0 -> command + " --partitions " + partitions(names.userProfile()).orElseThrow();
      case 1 -> command + " --partitions " + counts.get(0);
      default -> command + ", once the numbers of partitions are mended";
    };
  }

  /** Returns the number of partitions of a topic that exists. */
  OptionalInt partitions(String name) {
    ActualTopic topic = actual.get(name);
    return topic == null ? OptionalInt.empty() : OptionalInt.of(topic.partitions());
  }
}
