package dev.wxphone.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.tools.doctor.GroupProgress.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class GroupProgressTest {
  private static final TopicPartition PAYLOADS = new TopicPartition("payloads", 1);
  private static final TopicPartition KEYS = new TopicPartition("keys", 1);
  private static final TopicPartition OTHER_TASK = new TopicPartition("payloads", 2);

  @Test
  void a_group_with_nothing_left_to_read_is_fine() {
    GroupProgress progress = new GroupProgress(Map.of(PAYLOADS, new Position(5, 5, 5)));
    assertThat(progress.isSettled()).isTrue();
    assertThat(findings(2, progress))
        .containsExactly(new Fine("group", "g: 2 members, nothing left to read"));
  }

  @Test
  void a_group_that_reads_on_is_fine() {
    GroupProgress progress = new GroupProgress(Map.of(PAYLOADS, new Position(5, 1239, 1239)));
    assertThat(progress.isSettled()).isFalse();
    progress.update(Map.of(PAYLOADS, new Position(6, 1300, 1300)));
    assertThat(progress.isSettled()).isTrue();
    assertThat(findings(1, progress))
        .containsExactly(new Fine("group", "g: 1 member, 1,234 records behind and coming on"));
  }

  @Test
  void a_task_may_read_its_other_input_first() {
    GroupProgress progress =
        new GroupProgress(Map.of(PAYLOADS, new Position(5, 9, 9), KEYS, new Position(5, 9, 9)));
    progress.update(Map.of(PAYLOADS, new Position(5, 9, 9), KEYS, new Position(6, 9, 9)));
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void a_task_that_reads_nothing_is_stuck_whatever_others_do() {
    GroupProgress progress =
        new GroupProgress(
            Map.of(PAYLOADS, new Position(5, 9, 9), OTHER_TASK, new Position(5, 9, 9)));
    progress.update(Map.of(PAYLOADS, new Position(5, 12, 12), OTHER_TASK, new Position(9, 9, 9)));
    assertThat(findings(1, progress))
        .containsExactly(
            new Wrong(
                "group",
                "g is stuck in partition 1: 4 records to read, and none was in 5 s",
                "look at the log and at /ready of wxphone run, and restart it: nothing is lost"));
  }

  @Test
  void of_many_partitions_some_are_named() {
    Map<TopicPartition, Position> looks = new HashMap<>();
    for (int partition = 0; partition < 20; partition++) {
      looks.put(new TopicPartition("payloads", partition), new Position(0, 100, 100));
    }
    assertThat(findings(1, new GroupProgress(looks)))
        .singleElement()
        .extracting(Finding::seen)
        .isEqualTo(
            "g is stuck in partitions 0, 1, 2, 3, 4, 5, 6, 7 and 12 more: 2,000 records to read,"
                + " and none was in 5 s");
  }

  @Test
  void what_came_after_the_first_look_proves_nothing() {
    GroupProgress progress = new GroupProgress(Map.of(PAYLOADS, new Position(5, 5, 5)));
    progress.update(Map.of(PAYLOADS, new Position(5, 9, 9)));
    assertThat(progress.stuck()).isEmpty();
  }

  @Test
  void a_group_without_members_does_not_run() {
    GroupProgress progress = new GroupProgress(Map.of(PAYLOADS, new Position(5, 6, 6)));
    assertThat(findings(0, progress))
        .containsExactly(
            new Wrong(
                "group",
                "g has no members, and 1 record to read",
                "start wxphone run; it goes on where it stopped"));
  }

  @Test
  void a_transaction_that_stays_open_is_told_and_one_that_ends_is_not() {
    Map<TopicPartition, Position> open = Map.of(PAYLOADS, new Position(5, 5, 8));
    GroupProgress progress = new GroupProgress(open);
    progress.update(open);
    assertThat(progress.isSettled()).isFalse();
    assertThat(findings(1, progress))
        .last()
        .extracting(Finding::seen)
        .isEqualTo(
            "a transaction stays open in payloads-1, and what lies behind it is read by nobody");
    progress.update(Map.of(PAYLOADS, new Position(5, 8, 12)));
    assertThat(progress.isSettled()).isTrue();
    assertThat(findings(1, progress)).hasOnlyElementsOfType(Fine.class);
  }

  private static List<Finding> findings(int members, GroupProgress progress) {
    return GroupCheck.findings("g", members, progress, Duration.ofSeconds(5));
  }
}
