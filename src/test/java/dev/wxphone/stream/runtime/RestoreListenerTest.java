package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.stream.metrics.AnswerCounts;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreListenerTest {
  private static final TopicPartition ONE = new TopicPartition("users-changelog", 0);
  private static final TopicPartition OTHER = new TopicPartition("users-changelog", 1);

  private final AnswerCounts counts = new AnswerCounts();
  private final RestoreListener listener = new RestoreListener(counts);

  @Test
  void nothing_is_restored_before_anything_begins() {
    assertThat(listener.remaining()).isZero();
    assertThat(listener.share()).isNaN();
  }

  @Test
  void the_share_is_of_all_partitions_and_never_goes_back() {
    listener.onRestoreStart(ONE, "users", 100, 200);
    listener.onRestoreStart(OTHER, "users", 0, 300);
    assertThat(listener.remaining()).isEqualTo(400);
    assertThat(listener.share()).isZero();
    listener.onBatchRestored(ONE, "users", 199, 60);
    assertThat(listener.remaining()).isEqualTo(300);
    assertThat(listener.share()).isEqualTo(0.25);
    listener.onRestoreEnd(ONE, "users", 60);
    assertThat(listener.share()).isEqualTo(0.25);
    listener.onBatchRestored(OTHER, "users", 149, 150);
    assertThat(listener.share()).isEqualTo(0.625);
    assertThat(counts.restored()).isEqualTo(210);
    listener.onRestoreEnd(OTHER, "users", 150);
    assertThat(listener.remaining()).isZero();
    assertThat(listener.share()).isNaN();
  }

  @Test
  void a_second_restore_begins_at_0_again() {
    listener.onRestoreStart(ONE, "users", 0, 100);
    listener.onRestoreEnd(ONE, "users", 100);
    listener.onRestoreStart(OTHER, "users", 0, 100);
    assertThat(listener.share()).isZero();
  }

  @Test
  void what_another_process_takes_over_is_not_waited_for() {
    listener.onRestoreStart(ONE, "users", 0, 100);
    listener.onRestoreSuspended(ONE, "users", 10);
    assertThat(listener.remaining()).isZero();
  }

  @Test
  void an_empty_changelog_is_no_restore() {
    listener.onRestoreStart(ONE, "users", 7, 7);
    listener.onRestoreEnd(ONE, "users", 0);
    assertThat(listener.share()).isNaN();
  }
}
