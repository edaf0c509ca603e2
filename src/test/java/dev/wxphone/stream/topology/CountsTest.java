package dev.wxphone.stream.topology;

import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.metrics.AnswerCounts.SessionKeyChange;
import dev.wxphone.stream.metrics.RefusalErrno;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the stream counts for its metrics. */
class CountsTest {
  private static final SessionKey KEY = Clicks.key(1);

  @Test
  void every_record_counts_on_its_topic_and_every_change_of_session_keys() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.advance(Duration.ofSeconds(1));
      stream.logout();
      stream.sessionKey(Sent.of(OPENID, "not JSON"));
      stream.sessionKey(Sent.forget(OPENID));
      stream.advance(Duration.ofSeconds(1));
      stream.payload(Sent.of(OPENID, "not JSON"));
      AnswerCounts counts = stream.counts();
      assertThat(counts.records(TopicRole.SESSION_KEY)).isEqualTo(4);
      assertThat(counts.records(TopicRole.PHONE_PAYLOAD)).isEqualTo(1);
      for (SessionKeyChange change : SessionKeyChange.values()) {
        assertThat(counts.sessionKeyChanges(change)).as(change.name()).isEqualTo(1);
      }
      assertThat(counts.lastLogin()).isEqualTo(START);
      assertThat(counts.lastClick()).isEqualTo(START + 2_000);
    }
  }

  @Test
  void refusals_count_by_errno_and_other_letters_do_not() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.of(OPENID, "{\"errno\":104,\"errMsg\":\"x\"}"));
      stream.payload(Sent.of(OPENID, "{\"errno\":1400001,\"errMsg\":\"x\"}"));
      stream.payload(Sent.of(OPENID, "{\"errno\":7,\"errMsg\":\"x\"}"));
      stream.payload(Sent.of(OPENID, "{\"errMsg\":\"user deny\"}"));
      // A header received is no errno of WeChat's.
      stream.payload(
          Sent.of(OPENID, "{\"errMsg\":\"user deny\"}").header(HeaderNames.ERRNO, "112"));
      stream.payload(Sent.of(OPENID, "not JSON"));
      AnswerCounts counts = stream.counts();
      assertThat(counts.refusals(RefusalErrno.PRIVACY_DECLINED)).isEqualTo(1);
      assertThat(counts.refusals(RefusalErrno.QUOTA_USED_UP)).isEqualTo(1);
      assertThat(counts.refusals(RefusalErrno.OTHER)).isEqualTo(1);
      assertThat(counts.refusals(RefusalErrno.NONE)).isEqualTo(2);
      assertThat(counts.refusals(RefusalErrno.NOT_DECLARED)).isZero();
    }
  }

  @Test
  void the_oldest_that_waits_shows_since_when() {
    try (TestStream stream = TestStream.start()) {
      stream.click(KEY);
      stream.advance(Duration.ofSeconds(3));
      stream.click(KEY);
      assertThat(stream.counts().oldestMillis(stream.now())).isEqualTo(3_000);
      stream.login(KEY);
      assertThat(stream.counts().oldestMillis(stream.now())).isZero();
    }
  }

  /** The driver's thread is this one, and its producer commits nothing. */
  @Test
  void the_latency_of_every_click_waits_for_its_commit_and_that_of_a_replayed_one_does_not_count() {
    try (TestStream stream = TestStream.start()) {
      stream.login(KEY);
      stream.sessionKey(Sent.of(OPENID, "not JSON"));
      stream.payload(Sent.of(OPENID, Clicks.under(KEY)).header(HeaderNames.REPLAYED_FROM, "0@1"));
      // Before WeChat there was no click.
      stream.payload(Sent.of(OPENID, "not JSON").at(1_000));
      assertThat(stream.counts().commitTimes().isAnyUncommitted()).isFalse();
      stream.click(KEY);
      assertThat(stream.counts().commitTimes().isAnyUncommitted()).isTrue();
      stream.counts().commitTimes().aborted();
      stream.click(Clicks.key(2));
      assertThat(stream.counts().commitTimes().isAnyUncommitted()).isFalse();
      stream.advance(Duration.ofSeconds(20));
      assertThat(stream.counts().commitTimes().isAnyUncommitted()).isTrue();
    }
  }
}
