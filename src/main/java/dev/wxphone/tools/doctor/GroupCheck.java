package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.tools.doctor.GroupProgress.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Checks whether the stream runs and progresses, from its group's offsets and without joining. */
final class GroupCheck {
  static final String CHECK = "group";

  /** How long an idle group is watched before it counts as stuck. */
  private static final Duration WATCHED = Duration.ofSeconds(5);

  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final int SHOWN_PARTITIONS = 8;

  private final String group;
  private final GroupOffsets offsets;
  private final List<TopicPartition> inputs;
  private final TopicNames topics;

  GroupCheck(
      Admin admin, AdminCalls calls, String group, List<TopicPartition> inputs, TopicNames topics) {
    this.group = group;
    this.offsets = new GroupOffsets(admin, calls, group);
    this.inputs = inputs;
    this.topics = topics;
  }

  /**
   * Watches the group until it progresses, for 5 seconds at most.
   *
   * @param reader finds out whether uncommitted offsets are records
   * @param holdsAnswers whether an output topic does; if none does, lost offsets do no harm
   */
  List<Finding> findings(TopicReader reader, Predicate<String> holdsAnswers) {
    Map<TopicPartition, Long> committed = offsets.committed(inputs);
    List<TopicPartition> payloads =
        inputs.stream().filter(input -> input.topic().equals(topics.phonePayload())).toList();
    List<TopicPartition> missing =
        payloads.stream().filter(input -> !committed.containsKey(input)).toList();
    GroupOffsets.Lost lost =
        GroupOffsets.lost(
            payloads, missing, List.of(topics.userProfile(), topics.deadLetter()), holdsAnswers);
    if (lost != null) {
      return List.of(lost(lost));
    }
    if (committed.isEmpty()) {
      return List.of(
          new Wrong(
              CHECK,
              "%s has no offsets: wxphone run was never started, or with another application.id"
                  .formatted(group),
              "start wxphone run, or name its group: -Dapplication.id=…"));
    }
    Map<TopicPartition, Long> deleted = offsets.deletedUnread(committed);
    // What is gone is nothing to read: the group goes on with what is left.
    deleted.forEach((partition, count) -> committed.merge(partition, count, Long::sum));
    int members = offsets.members();
    GroupProgress progress = new GroupProgress(withoutMarkers(positions(committed), reader));
    long deadline = System.nanoTime() + WATCHED.toNanos();
    while (members > 0 && !progress.isSettled() && System.nanoTime() < deadline) {
      pause();
      progress.update(positions(offsets.committed(inputs)));
    }
    List<Finding> findings = new ArrayList<>(findings(group, members, progress, WATCHED));
    findings.add(DeletedRecordsCheck.of(group, deleted));
    return findings;
  }

  private Finding lost(GroupOffsets.Lost lost) {
    return new Wrong(
        CHECK,
        "%s has no offsets%s, though %s already holds answers, so wxphone run will refuse to start"
            .formatted(
                group,
                lost.missing() == lost.partitions()
                    ? ""
                    : " for %d of %s"
                        .formatted(lost.missing(), Units.count(lost.partitions(), "partition")),
                lost.output()),
        "name the group that wrote them (-Dapplication.id=…); if this is it, choose wxphone run"
            + " --start latest (only new payloads) or --start earliest (answer all again)");
  }

  /**
   * Returns the findings for a group that has offsets.
   *
   * @param members number of its members, one per thread
   * @param watched for how long it was watched
   */
  static List<Finding> findings(
      String group, int members, GroupProgress progress, Duration watched) {
    List<Finding> findings = new ArrayList<>();
    Set<Integer> stuck = progress.stuck();
    long behind = progress.behind();
    if (members == 0) {
      findings.add(
          new Wrong(
              CHECK,
              "%s has no members, and %s to read"
                  .formatted(group, behind == 0 ? "nothing" : Units.count(behind, "record")),
              "start wxphone run; it goes on where it stopped"));
    } else if (!stuck.isEmpty()) {
      findings.add(
          new Wrong(
              CHECK,
              "%s is stuck in %s: %s to read, and none was in %s"
                  .formatted(
                      group,
                      partitions(stuck),
                      Units.count(progress.behind(stuck), "record"),
                      Units.time(watched)),
              "look at the log and at /ready of wxphone run, and restart it: nothing is lost"));
    } else {
      findings.add(
          new Fine(
              CHECK,
              "%s: %s, %s"
                  .formatted(
                      group,
                      Units.count(members, "member"),
                      behind == 0
                          ? "nothing left to read"
                          : Units.count(behind, "record") + " behind and coming on")));
    }
    if (!progress.heldBack().isEmpty()) {
      findings.add(
          new Wrong(
              CHECK,
              "a transaction stays open in %s, and what lies behind it is read by nobody"
                  .formatted(some(progress.heldBack())),
              "wait for its transaction.timeout.ms (a minute by default), or find its producer:"
                  + " kafka-transactions.sh find-hanging"));
    }
    return findings;
  }

  private static String partitions(Set<Integer> numbers) {
    return (numbers.size() == 1 ? "partition " : "partitions ")
        + some(numbers.stream().map(String::valueOf).toList());
  }

  private static String some(Collection<String> names) {
    String first = names.stream().limit(SHOWN_PARTITIONS).collect(Collectors.joining(", "));
    return names.size() <= SHOWN_PARTITIONS
        ? first
        : first + " and %d more".formatted(names.size() - SHOWN_PARTITIONS);
  }

  private Map<TopicPartition, Position> positions(Map<TopicPartition, Long> committed) {
    Map<TopicPartition, Long> stable =
        offsets.list(inputs, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, Long> ends =
        offsets.list(inputs, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Position> positions = new HashMap<>();
    for (TopicPartition partition : inputs) {
      long readable = stable.getOrDefault(partition, 0L);
      positions.put(
          partition,
          new Position(
              committed.getOrDefault(partition, 0L),
              readable,
              ends.getOrDefault(partition, readable)));
    }
    return positions;
  }

  /** The marker of a transaction has an offset, but is nothing that the group has to read. */
  private static Map<TopicPartition, Position> withoutMarkers(
      Map<TopicPartition, Position> positions, TopicReader reader) {
    Map<TopicPartition, Long> begins = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    positions.forEach(
        (partition, position) -> {
          begins.put(partition, position.committed());
          ends.put(partition, position.stable());
        });
    Set<TopicPartition> withRecords =
        reader.partitionsWithRecords(Doctor.READ_AT_MOST, new TopicReader.Span(begins, ends));
    Map<TopicPartition, Position> behind = new HashMap<>(positions);
    behind.replaceAll(
        (partition, position) ->
            withRecords.contains(partition) ? position : position.withNothingToRead());
    return behind;
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
