package dev.wxphone.stream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerCountsTest {
  private final AnswerCounts counts = new AnswerCounts();
  private final Object one = new Object();
  private final Object other = new Object();

  @Test
  void nothing_is_overdue_where_nobody_waits_or_the_deadlines_are_to_come() {
    assertThat(counts.overdueMillis(1000)).isZero();
    counts.setNextDeadline(one, 1001);
    assertThat(counts.overdueMillis(1000)).isZero();
  }

  @Test
  void the_room_counts_whose_payload_is_overdue_the_longest() {
    counts.setNextDeadline(one, 900);
    counts.setNextDeadline(other, 400);
    assertThat(counts.overdueMillis(1000)).isEqualTo(600);
    counts.setNextDeadline(other, 950);
    assertThat(counts.overdueMillis(1000)).isEqualTo(100);
  }

  @Test
  void a_room_that_has_emptied_or_left_is_forgotten() {
    counts.setNextDeadline(one, 400);
    counts.setNextDeadline(one, Long.MAX_VALUE);
    assertThat(counts.overdueMillis(1000)).isZero();
  }
}
