package dev.wxphone.tools.replay;

import static dev.wxphone.operator.UnstyledText.IN_COLOUR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.UnstyledText;
import dev.wxphone.tools.deadletters.SomeLetters;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayPlanTest {
  private static ReplayPlan plan(boolean all, long limit) {
    ReplayPlan plan = new ReplayPlan(all);
    int offset = 100;
    int count = 1;
    for (LetterStatus status : LetterStatus.values()) {
      for (int i = 0; i < count; i++) {
        plan.add(
            SomeLetters.assessed(
                SomeLetters.letter("1@" + offset--, Reason.SESSION_KEY_STALE), status));
      }
      count++;
    }
    plan.add(
        SomeLetters.assessed(
            SomeLetters.letter("0@0", Reason.USER_DENIED), LetterStatus.WOULD_FAIL));
    plan.choose(limit);
    return plan;
  }

  @ParameterizedTest
  @CsvSource({"false, 99, 5", "false, 2, 2", "true, 99, 12", "true, 7, 7"})
  void those_that_would_succeed_are_chosen_or_all_that_can_go_up_to_the_limit(
      boolean all, long limit, int chosen) {
    assertThat(plan(all, limit).size()).isEqualTo(chosen);
  }

  @Test
  void of_those_chosen_the_oldest_go_first() {
    // All came at one time, so the lower id counts as the older one.
    assertThat(plan(false, 2).chosen())
        .containsExactlyInAnyOrder(new DeadLetterId(1, 86), new DeadLetterId(1, 87));
  }

  @Test
  void the_dry_run_has_each_letter_in_one_column() {
    assertThat(ReplayReport.text(plan(false, 99), TextStyle.NONE))
        .containsExactly(
            "                          would    would   already           attempt         not",
            "reason                  succeed     fail  replayed  parked     limit  replayable",
            "USER_DENIED                   0        1         0       0         0           0",
            "SESSION_KEY_STALE             5        6         2       3         4           1",
            "",
            "In all 5 would succeed, 7 would fail again, 2 already replayed,",
            "3 parked, 4 over the attempt limit, 1 not replayable.");
    assertThat(ReplayReport.json(plan(false, 99)))
        .last()
        .isEqualTo(
            "{\"reason\":\"SESSION_KEY_STALE\",\"wouldSucceed\":5,\"wouldFailAgain\":6,"
                + "\"alreadyReplayed\":2,\"parked\":3,\"overAttemptLimit\":4,\"notReplayable\":1}");
  }

  @Test
  void a_limit_is_reported() {
    assertThat(ReplayReport.text(plan(false, 2), TextStyle.NONE))
        .last()
        .isEqualTo("Of these, the limit lets the 2 oldest go.");
    Replay.Result result = new Replay.Result(2, 0, 0, 2, Map.of(), 0);
    assertThat(ReplayReport.text(plan(false, 2), result, TextStyle.NONE))
        .contains("skipped                          20", "  beyond the limit                3");
  }

  @Test
  void the_report_counts_what_was_sent_what_was_not_and_why() {
    assertThat(
            ReplayReport.text(
                plan(false, 99),
                new Replay.Result(5, 0, 0, 4, Map.of(Reason.SESSION_KEY_STALE, 1L), 0),
                TextStyle.NONE))
        .containsExactly(
            "sent                              5",
            "skipped                          17",
            "  would fail again                7",
            "  already replayed                2",
            "  parked                          3",
            "  over the attempt limit          4",
            "  not replayable                  1",
            "became profiles                   4",
            "came back                         1  1 SESSION_KEY_STALE");
  }

  @Test
  void colours_add_nothing_but_themselves() {
    ReplayPlan plan = plan(false, 99);
    Replay.Result result = new Replay.Result(5, 1, 1, 4, Map.of(Reason.SESSION_KEY_STALE, 1L), 1);
    assertThat(UnstyledText.of(ReplayReport.text(plan, IN_COLOUR)))
        .isEqualTo(ReplayReport.text(plan, TextStyle.NONE));
    assertThat(UnstyledText.of(ReplayReport.text(plan, result, IN_COLOUR)))
        .isEqualTo(ReplayReport.text(plan, result, TextStyle.NONE));
  }

  @Test
  void a_report_of_a_stopped_replay_counts_what_is_left() {
    Replay.Result result = new Replay.Result(3, 0, 9, 1, Map.of(), 2);
    assertThat(ReplayReport.text(plan(true, 99), result, TextStyle.NONE))
        .containsExactly(
            "sent                              3",
            "skipped                          10",
            "  already replayed                2",
            "  parked                          3",
            "  over the attempt limit          4",
            "  not replayable                  1",
            "left                              9  run it again: each goes once",
            "became profiles                   1",
            "came back                         0",
            "not answered yet                  2  they come while wxphone runs");
    assertThat(ReplayReport.json(plan(true, 99), result, "run-1"))
        .isEqualTo(
            "{\"run\":\"run-1\",\"sent\":3,\"left\":9,\"gone\":0,\"profiles\":1,\"unanswered\":2,"
                + "\"cameBack\":{},\"skipped\":{\"wouldFailAgain\":0,\"alreadyReplayed\":2,"
                + "\"parked\":3,\"overAttemptLimit\":4,\"notReplayable\":1,\"beyondLimit\":0}}");
  }
}
