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
    counts.setWaiting(one, 1, 1001, 901);
    assertThat(counts.overdueMillis(1000)).isZero();
  }

  @Test
  void the_room_counts_whose_payload_is_overdue_or_waits_the_longest() {
    counts.setWaiting(one, 2, 900, 800);
    counts.setWaiting(other, 3, 400, 300);
    assertThat(counts.overdueMillis(1000)).isEqualTo(600);
    assertThat(counts.oldestMillis(1000)).isEqualTo(700);
    assertThat(counts.waitingPayloads()).isEqualTo(5);
    counts.setWaiting(other, 1, 950, 850);
    assertThat(counts.overdueMillis(1000)).isEqualTo(100);
    assertThat(counts.oldestMillis(1000)).isEqualTo(200);
    assertThat(counts.waitingPayloads()).isEqualTo(3);
  }

  @Test
  void a_room_that_has_emptied_or_left_is_forgotten() {
    counts.setWaiting(one, 1, 400, 300);
    counts.setWaiting(one, 0, 0, 0);
    assertThat(counts.overdueMillis(1000)).isZero();
    assertThat(counts.oldestMillis(1000)).isZero();
    assertThat(counts.waitingPayloads()).isZero();
  }

  @Test
  void what_a_stream_left_waiting_does_not_count_in_the_next_one() {
    counts.setWaiting(one, 2, 400, 300);
    counts.forgetWaiting();
    counts.setWaiting(other, 1, 400, 300);
    // The room of the old stream is closed late.
    counts.setWaiting(one, 0, 0, 0);
    assertThat(counts.waitingPayloads()).isEqualTo(1);
  }

  @Test
  void until_the_first_login_and_click_the_start_counts() {
    long start = counts.lastLogin();
    assertThat(start).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
    assertThat(counts.lastClick()).isEqualTo(start);
    counts.countPayload(start + 1);
    counts.countSessionKeyChange(AnswerCounts.SessionKeyChange.LOGOUT, start + 2);
    assertThat(counts.lastClick()).isEqualTo(start + 1);
    assertThat(counts.lastLogin()).isEqualTo(start);
    counts.countSessionKeyChange(AnswerCounts.SessionKeyChange.LOGIN, start + 3);
    assertThat(counts.lastLogin()).isEqualTo(start + 3);
  }
}
