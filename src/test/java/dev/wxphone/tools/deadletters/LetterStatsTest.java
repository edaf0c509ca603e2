package dev.wxphone.tools.deadletters;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.tools.deadletters.SomeLetters.CAME;
import static dev.wxphone.tools.deadletters.SomeLetters.assessed;
import static dev.wxphone.tools.deadletters.SomeLetters.letter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.letters.LetterStatus;
import dev.wxphone.letters.LetterTopic;
import java.time.Duration;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class LetterStatsTest {
  private static final LetterTopic TOPIC =
      new LetterTopic(SomeLetters.TOPIC_ID, Duration.ofDays(30).toMillis());

  private final LetterStats stats =
      new LetterStats(TOPIC, CAME.plus(Duration.ofHours(1)).toEpochMilli());

  @Test
  void near_expiry_are_open_letters_of_the_last_day_of_retention() {
    for (int daysAgo : new int[] {28, 29, 30}) {
      for (LetterStatus status :
          new LetterStatus[] {LetterStatus.WOULD_FAIL, LetterStatus.PARKED}) {
        stats.add(
            assessed(
                letter(
                    "0@1",
                    SESSION_KEY_MISSING,
                    "o",
                    new RecordHeaders(),
                    CAME.minus(Duration.ofDays(daysAgo))),
                status));
      }
    }
    assertThat(stats.total().open).isEqualTo(3);
    // 29 days and an hour old, and what is gone any moment.
    assertThat(stats.total().nearExpiry).isEqualTo(2);
  }

  @Test
  void letters_that_are_kept_for_ever_are_never_near_expiry() {
    LetterStats ever = new LetterStats(new LetterTopic("x", Long.MAX_VALUE), CAME.toEpochMilli());
    ever.add(assessed(letter("0@1", SESSION_KEY_MISSING), LetterStatus.WOULD_FAIL));
    assertThat(ever.total().nearExpiry).isZero();
  }
}
