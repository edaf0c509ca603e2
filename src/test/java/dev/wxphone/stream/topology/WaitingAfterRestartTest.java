package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static dev.wxphone.stream.topology.TestStream.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Payloads that wait are stored, so a restart changes nothing for them. */
class WaitingAfterRestartTest {
  private static final SessionKey A = Clicks.key(1);
  private static final SessionKey B = Clicks.key(2);
  private static final Duration WAIT = Duration.ofSeconds(10);

  private static Sent click(SessionKey key, long watermark) {
    return Sent.of(OPENID, Clicks.under(key).plaintext(Plaintexts.phone().timestamp(watermark)));
  }

  private static List<String> sources(List<Answer> seen) {
    return seen.stream().map(Answer::source).toList();
  }

  @Test
  void waiting_survives_a_restart_with_every_byte() {
    Sent sent =
        click(A, Clicks.SECONDS)
            .header("b", "1")
            .header("", "")
            .header("null", (String) null)
            .header("bytes", new byte[] {0, -1})
            .header("用户", "b")
            .header("b", "2")
            .header(HeaderNames.ATTEMPT, "4")
            .header(HeaderNames.REPLAYED_FROM, "2@3")
            .header(HeaderNames.REROUTED_FROM, "phone-payload-7@8")
            .header(HeaderNames.TIMESTAMP, "" + (START - 3))
            .header("last", "1");
    List<String> headers = new ArrayList<>();
    byte[] value = null;
    for (boolean restarted : new boolean[] {false, true}) {
      try (TestStream stream = TestStream.start()) {
        stream.payload(sent);
        if (restarted) {
          stream.restart();
          assertThat(stream.counts().waitingPayloads()).isEqualTo(1);
        }
        stream.advance(WAIT);
        Answer letter = stream.letter(SESSION_KEY_MISSING);
        if (restarted) {
          assertThat(letter.headers()).isEqualTo(headers);
          assertThat(letter.value()).isEqualTo(value).isEqualTo(sent.value());
          assertThat(letter.record().headers().lastHeader("bytes").value()).containsExactly(0, -1);
        }
        headers = letter.headers();
        value = letter.value();
        assertThat(headers)
            .startsWith("b=1", "=", "null")
            .contains(
                "wxphone.source=phone-payload-0@0",
                "wxphone.replayed-from=2@3",
                "wxphone.rerouted-from=phone-payload-7@8",
                "wxphone.timestamp=" + (START - 3),
                "wxphone.attempt=4");
      }
    }
  }

  @Test
  void after_a_restart_a_click_waits_no_longer_than_before_and_its_key_still_finds_it() {
    try (TestStream stream = TestStream.start()) {
      String first = stream.click(A);
      stream.advance(WAIT.dividedBy(2));
      String second = stream.click(B);
      stream.restart();
      String third = stream.click(B);
      stream.advance(WAIT.dividedBy(2));
      assertThat(stream.letter(SESSION_KEY_MISSING).source()).isEqualTo(first);
      stream.restart();
      stream.login(B);
      assertThat(sources(stream.profiles())).containsExactly(second, third);
      stream.restart();
      stream.advance(WAIT.multipliedBy(3));
      stream.nothing();
    }
  }

  @Test
  void a_deadline_that_passed_while_the_stream_was_down_counts_at_its_start() {
    try (TestStream stream = TestStream.start()) {
      stream.click(A);
      stream.restart(given -> given.setting("wxphone.session.wait", "PT0S"));
      stream.nothing();
      stream.advance(WAIT);
      stream.letter(SESSION_KEY_MISSING);
    }
  }
}
