package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.NewestRecords;
import dev.wxphone.tools.doctor.GroupProgress.Look;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;

/** The processor's group as the brokers know it; looked at, not joined. */
final class GroupSnapshot {
  private static final Duration WATCHED = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final Admin admin;
  private final AdminCalls asking;
  private final String name;
  private final List<TopicPartition> inputs;
  private final TopicNames topics;

  GroupSnapshot(
      Admin admin, AdminCalls asking, String name, List<TopicPartition> inputs, TopicNames topics) {
    this.admin = admin;
    this.asking = asking;
    this.name = name;
    this.inputs = inputs;
    this.topics = topics;
  }

  /**
   * Watches it until it is seen to come on, and not for long.
   *
   * @param holdsAnswers whether an output topic does, without which a group may begin anew
   */
  List<Finding> findings(NewestRecords records, Predicate<String> holdsAnswers) {
    Map<TopicPartition, Long> committed = committed();
    List<TopicPartition> payloads =
        inputs.stream().filter(input -> input.topic().equals(topics.phonePayload())).toList();
    long missing = payloads.stream().filter(input -> !committed.containsKey(input)).count();
    if (missing > 0) {
      Optional<String> answered =
          Stream.of(topics.userProfile(), topics.deadLetter()).filter(holdsAnswers).findFirst();
      if (answered.isPresent()) {
        return List.of(GroupCheck.withoutOffsets(name, missing, payloads.size(), answered.get()));
      }
    }
    if (committed.isEmpty()) {
      return List.of(GroupCheck.unknown(name));
    }
    int members = members();
    GroupProgress progress = new GroupProgress(withoutMarkers(looks(committed), records));
    long deadline = System.nanoTime() + WATCHED.toNanos();
    while (members > 0 && !progress.isSettled() && System.nanoTime() < deadline) {
      pause();
      progress.look(looks(committed()));
    }
    return GroupCheck.of(name, members, progress, WATCHED);
  }

  private int members() {
    try {
      return asking
          .of(admin.describeConsumerGroups(List.of(name)).all(), "Describe on the group " + name)
          .values()
          .stream()
          .mapToInt(group -> group.members().size())
          .sum();
    } catch (ApiException noConsumers) {
      return membersOfStreams();
    }
  }

  /** With {@code group.protocol=streams} it is a group of another kind. */
  private int membersOfStreams() {
    try {
      return asking
          .of(admin.describeStreamsGroups(List.of(name)).all(), "Describe on the group " + name)
          .values()
          .stream()
          .mapToInt(group -> group.members().size())
          .sum();
    } catch (ApiException noSuchGroup) {
      return 0;
    }
  }

  private Map<TopicPartition, Long> committed() {
    Map<TopicPartition, Long> committed = new HashMap<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          asking.of(
              admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata(),
              "Describe on the group " + name);
      inputs.forEach(
          partition -> {
            OffsetAndMetadata offset = offsets.get(partition);
            if (offset != null) {
              committed.put(partition, offset.offset());
            }
          });
    } catch (ApiException noSuchGroup) {
      // Without offsets then.
    }
    return committed;
  }

  private Map<TopicPartition, Look> looks(Map<TopicPartition, Long> committed) {
    Map<TopicPartition, Long> stable = ends(IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, Long> ends = ends(IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Look> looks = new HashMap<>();
    for (TopicPartition partition : inputs) {
      long readable = stable.getOrDefault(partition, 0L);
      looks.put(
          partition,
          new Look(
              committed.getOrDefault(partition, 0L),
              readable,
              ends.getOrDefault(partition, readable)));
    }
    return looks;
  }

  private Map<TopicPartition, Long> ends(IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> latest =
        inputs.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        asking
            .of(
                admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all(),
                "Describe on the input topics")
            .entrySet()) {
      ends.put(end.getKey(), end.getValue().offset());
    }
    return ends;
  }

  /** A transaction's end marker is an offset, but nothing that the group has to read. */
  private static Map<TopicPartition, Look> withoutMarkers(
      Map<TopicPartition, Look> looks, NewestRecords records) {
    Map<TopicPartition, Long> from = new HashMap<>();
    Map<TopicPartition, Long> until = new HashMap<>();
    looks.forEach(
        (partition, look) -> {
          if (look.isBehind()) {
            from.put(partition, look.committed());
            until.put(partition, look.stable());
          }
        });
    Set<TopicPartition> holding = records.holdingRecords(from, until);
    Map<TopicPartition, Look> behind = new HashMap<>();
    looks.forEach(
        (partition, look) ->
            behind.put(partition, holding.contains(partition) ? look : look.withNothingToRead()));
    return behind;
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
