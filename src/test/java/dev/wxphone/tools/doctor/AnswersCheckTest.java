package dev.wxphone.tools.doctor;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WECHAT_REFUSED;
import static dev.wxphone.tools.doctor.Records.openid;
import static dev.wxphone.tools.doctor.Records.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class AnswersCheckTest {
  private static final Duration DAY = Duration.ofHours(24);

  private final AnswersCheck check = new AnswersCheck(Records.TOPIC);

  private void profiles(int count) {
    for (int i = 0; i < count; i++) {
      check.addProfile(
          with(Records.of(openid(1), "{}", 0, 0), HeaderNames.SOURCE, Records.TOPIC + "-0@7"));
    }
  }

  private void letters(Reason reason, int count, String source) {
    for (int i = 0; i < count; i++) {
      ConsumerRecord<byte[], byte[]> letter = Records.of(openid(1), "{}", 0, 0);
      with(letter, HeaderNames.SOURCE, source);
      with(letter, HeaderNames.TIMESTAMP, "0");
      with(letter, HeaderNames.ATTEMPT, "1");
      with(letter, HeaderNames.REASON, reason.name());
      with(letter, HeaderNames.DETAIL, "It is so; do that.");
      check.addLetter(letter);
    }
  }

  private void letters(Reason reason, int count) {
    letters(reason, count, Records.TOPIC + "-0@7");
  }

  private void click() {
    check.addClick(Records.of(openid(1), "{}", 0, 0));
  }

  @Test
  void a_reason_beyond_its_share_is_named_with_what_its_letters_say() {
    click();
    profiles(98);
    letters(WECHAT_REFUSED, 2);
    assertThat(check.findings(DAY, 0))
        .containsExactly(
            new Wrong(
                "answers",
                "2 % of 100 answers are WECHAT_REFUSED, as letter 0@7: It is so",
                "do that"));
  }

  @Test
  void what_people_and_chance_bring_about_is_fine() {
    click();
    profiles(60);
    letters(USER_DENIED, 35);
    letters(SESSION_KEY_STALE, 5);
    letters(SUPERSEDED, 100);
    assertThat(check.findings(DAY, 0))
        .containsExactly(
            new Fine(
                "answers",
                "200 answers to clicks of 24 h: 30 % became profiles, 50 % SUPERSEDED, 18 % USER_DENIED, 3 % SESSION_KEY_STALE"));
  }

  @Test
  void answers_to_other_clicks_and_letters_that_were_replayed_do_not_count() {
    ConsumerRecord<byte[], byte[]> replay = Records.of(openid(1), "{}", 0, 0);
    check.addClick(with(replay, HeaderNames.REPLAYED_FROM, "0@7"));
    letters(SESSION_KEY_STALE, 9);
    letters(WECHAT_REFUSED, 9, Records.TOPIC + "-0@6");
    letters(WECHAT_REFUSED, 9, "other-0@7");
    assertThat(check.findings(DAY, 0))
        .containsExactly(new Fine("answers", "1 click of 24 h, and no answer yet"));
  }

  @Test
  void clicks_without_an_answer_that_are_overdue_are_wrong() {
    click();
    List<Finding> findings = check.findings(DAY, 1);
    assertThat(findings).singleElement().isInstanceOf(Wrong.class);
    assertThat(findings.get(0).seen())
        .isEqualTo("none of 1 click of 24 h has an answer, though 1 is long overdue");
  }
}
