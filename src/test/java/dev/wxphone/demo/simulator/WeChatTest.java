package dev.wxphone.demo.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** The seed is random; failures name it. */
class WeChatTest {
  private static final Duration LIFE = Duration.ofSeconds(10);
  private static final long NOW = 1_769_847_330_000L;

  private final long seed = System.nanoTime();
  private final WeChat weChat = new WeChat(new Random(seed), LIFE);

  @RepeatedTest(20)
  void a_login_keeps_the_session_key_until_the_session_is_old_and_then_changes_it() {
    byte[] first = weChat.login("o1", NOW);
    long refreshed = NOW;
    while (weChat.sessionsAfterLogin("o1", refreshed) == 1) {
      assertThat(weChat.login("o1", refreshed)).as("seed %d", seed).isEqualTo(first);
      refreshed += 10;
    }
    byte[] second = weChat.login("o1", refreshed);
    assertThat(second).as("seed %d", seed).isNotEqualTo(first);
    assertThat(refreshed - NOW).as("seed %d", seed).isBetween(0L, LIFE.toMillis() + 10);
    assertThat(weChat.login("o1", refreshed + LIFE.toMillis())).isEqualTo(second);
    assertThat(weChat.login("o1", refreshed + LIFE.toMillis() + 1)).isNotEqualTo(second);
  }

  @RepeatedTest(20)
  void without_a_login_a_session_stays_in_force_however_old_it_grows() {
    byte[] key = weChat.login("o1", NOW);
    weChat.login("o2", NOW + 100 * LIFE.toMillis());
    assertThat(weChat.keyInForce("o1")).as("seed %d", seed).isEqualTo(key);
    assertThat(weChat.keyInForce("o2")).as("seed %d", seed).isNotEqualTo(key);
  }
}
