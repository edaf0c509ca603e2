package dev.wxphone.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserStateTest {
  private static final SessionKey A = key(1, "wx1");
  private static final SessionKey B = key(2, "wx1");
  private static final SessionKey C = key(3, "wx1");
  private static final SessionKey D = key(4, "wx1");

  @Test
  void the_newest_key_is_the_first() {
    assertThat(loggedIn(3, A, B, C).keys()).containsExactly(C, B, A);
  }

  @Test
  void one_key_more_than_the_limit_drops_the_oldest() {
    assertThat(loggedIn(3, A, B, C, D).keys()).containsExactly(D, C, B);
    assertThat(loggedIn(1, A, B).keys()).containsExactly(B);
  }

  @Test
  void a_lower_limit_holds_from_the_next_login_on() {
    assertThat(loggedIn(3, A, B, C).loggedIn(new Login(D, null), 2).keys()).containsExactly(D, C);
  }

  @Test
  void a_key_published_again_moves_to_the_front_and_drops_none() {
    assertThat(loggedIn(3, A, B, C, A).keys()).containsExactly(A, C, B);
    assertThat(loggedIn(3, A, B, C, C).keys()).containsExactly(C, B, A);
  }

  @Test
  void a_key_published_again_brings_its_appid_and_its_unionid() {
    SessionKey ofOtherApp = key(1, "wx2");
    UserState state =
        loggedIn(3, A, B).loggedIn(new Login(A, "u1"), 3).loggedIn(new Login(ofOtherApp, "u2"), 3);
    assertThat(state.keys()).containsExactly(ofOtherApp, B);
    assertThat(state.unionid()).isEqualTo("u2");
  }

  @Test
  void a_login_without_unionid_keeps_the_one_that_is_known() {
    UserState state = UserState.UNKNOWN.loggedIn(new Login(A, "u1"), 3);
    assertThat(state.loggedIn(new Login(B, null), 3).unionid()).isEqualTo("u1");
  }

  @Test
  void a_logout_forgets_the_keys_and_nothing_else() {
    UserState state = new UserState(List.of(A, B), "u1", 5, 6);
    assertThat(state.loggedOut(7))
        .isEqualTo(new UserState(List.of(), "u1", 5, 6, 7, List.<Long>of(), UserState.NEVER));
  }

  @Test
  void the_last_logout_stays_whatever_comes_after() {
    UserState state = loggedIn(3, A).loggedOut(7);
    assertThat(state.loggedOut(6).loggedOutAt()).isEqualTo(7);
    assertThat(state.forgotten(9).loggedOutAt()).isEqualTo(7);
    UserState back = state.loggedIn(new Login(A, null), 3).loggedIn(new Login(B, null), 3);
    assertThat(back.withKeyLimit(1).published(at(5)).loggedOutAt()).isEqualTo(7);
  }

  @Test
  void what_was_stale_counts_while_the_newest_key_stays_the_newest() {
    UserState state = new UserState(List.of(A, B), null, 5, 6, 7, List.of(8L, 9L), UserState.NEVER);
    assertThat(state.loggedIn(new Login(A, "u1"), 3).staleAt()).containsExactly(8L, 9L);
    assertThat(state.loggedIn(new Login(B, null), 3).staleAt()).isEmpty();
    assertThat(state.loggedIn(new Login(C, null), 3).staleAt()).isEmpty();
    assertThat(state.withKeyLimit(1).published(at(6)).staleAt()).containsExactly(8L, 9L);
    assertThat(state.loggedOut(8).staleAt()).containsExactly(8L, 9L);
    assertThat(state.loggedOut(8).loggedIn(new Login(A, null), 3).staleAt()).isEmpty();
    assertThat(state.forgotten(8).staleAt()).isEmpty();
  }

  @Test
  void a_person_forgotten_leaves_the_instant_and_the_order_of_profiles() {
    UserState state = new UserState(List.of(A, B), "u1", 5, UserState.NEVER);
    assertThat(state.forgotten(7)).isEqualTo(new UserState(List.of(), null, 5, 7));
    assertThat(state.forgotten(7).forgotten(6).forgottenAt()).isEqualTo(7);
  }

  @Test
  void so_many_that_were_stale_within_a_day_are_too_many() {
    long day = 24 * 60 * 60 * 1000L;
    UserState state = loggedIn(3, A).stale(1, 2);
    assertThat(state.hasTooManyStale(1, 2)).isFalse();
    state = state.stale(5, 2);
    assertThat(state.hasTooManyStale(day, 2)).isTrue();
    assertThat(state.hasTooManyStale(day + 1, 2)).isFalse();
    assertThat(state.stale(6, 2).staleAt()).containsExactly(5L, 6L);
    assertThat(state.hasTooManyStale(6, 3)).as("a higher limit").isFalse();
    assertThat(state.hasTooManyStale(day + 1, 1)).as("a lower limit").isTrue();
  }

  @Test
  void a_clock_that_was_ahead_holds_nobody_up_for_more_than_a_day() {
    long day = 24 * 60 * 60 * 1000L;
    UserState state = loggedIn(3, A).stale(1_000 * day, 1);
    assertThat(state.hasTooManyStale(day, 1)).isTrue();
    UserState clamped = state.withoutFutureStale(day);
    assertThat(clamped.staleAt()).containsExactly(day);
    assertThat(clamped.hasTooManyStale(2 * day - 1, 1)).isTrue();
    assertThat(clamped.hasTooManyStale(2 * day, 1)).isFalse();
    assertThat(state.stale(day, 2).staleAt()).containsExactly(day, day);
  }

  @Test
  void the_newest_watermark_stays() {
    UserState state = UserState.UNKNOWN.published(at(5));
    assertThat(state.newestWatermark()).isEqualTo(5);
    assertThat(state.published(at(4)).newestWatermark()).isEqualTo(5);
    assertThat(state.published(at(5))).isEqualTo(state);
    assertThat(state.published(at(6)).newestWatermark()).isEqualTo(6);
    assertThat(UserState.UNKNOWN.published(at(-1)).newestWatermark()).isEqualTo(-1);
  }

  @Test
  void a_state_does_not_change_with_the_list_it_was_made_of() {
    List<SessionKey> keys = new ArrayList<>(List.of(A));
    UserState state = new UserState(keys, null, 0, 0);
    keys.add(B);
    assertThat(state.keys()).containsExactly(A);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void any_history_leaves_what_a_plain_reckoning_of_it_leaves(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      int limit = 1 + random.nextInt(4);
      UserState state = UserState.UNKNOWN;
      History history = new History(limit);
      for (int step = 0; step < 40; step++) {
        long time = random.nextInt(50);
        switch (random.nextInt(10)) {
          case 0 -> {
            state = state.loggedOut(time);
            history.logins.clear();
            history.logouts.add(time);
          }
          case 1 -> {
            state = state.forgotten(time);
            history.logins.clear();
            history.unionid = null;
            history.forgets.add(time);
          }
          case 2, 3, 4 -> {
            state = state.published(at(time));
            history.watermarks.add(time);
          }
          default -> {
            Login login =
                new Login(
                    key(random.nextInt(6), random.nextBoolean() ? "wx1" : null),
                    random.nextInt(3) == 0 ? "u" + random.nextInt(3) : null);
            state = state.loggedIn(login, limit);
            history.loggedIn(login);
          }
        }
        assertThat(state)
            .as("seed %d, run %d, step %d", seed, run, step)
            .isEqualTo(history.reckoned());
      }
    }
  }

  /** All that happened, and nothing thrown away before it is asked. */
  private static final class History {
    private final int limit;
    private final List<SessionKey> logins = new ArrayList<>();
    private final List<Long> watermarks = new ArrayList<>(List.of(UserState.NEVER));
    private final List<Long> forgets = new ArrayList<>(List.of(UserState.NEVER));
    private final List<Long> logouts = new ArrayList<>(List.of(UserState.NEVER));
    private @Nullable String unionid;

    History(int limit) {
      this.limit = limit;
    }

    void loggedIn(Login login) {
      logins.add(login.key());
      unionid = login.unionid() == null ? unionid : login.unionid();
    }

    UserState reckoned() {
      List<SessionKey> latest = new ArrayList<>();
      for (int i = logins.size() - 1; i >= 0 && latest.size() < limit; i--) {
        SessionKey key = logins.get(i);
        if (latest.stream().noneMatch(newer -> newer.sameBytes(key))) {
          latest.add(key);
        }
      }
      return new UserState(
          latest,
          unionid,
          watermarks.stream().max(Long::compare).orElseThrow(),
          forgets.stream().max(Long::compare).orElseThrow(),
          logouts.stream().max(Long::compare).orElseThrow(),
          List.of(),
          UserState.NEVER);
    }
  }

  private static UserState loggedIn(int limit, SessionKey... keys) {
    UserState state = UserState.UNKNOWN;
    for (SessionKey key : keys) {
      state = state.loggedIn(new Login(key, null), limit);
    }
    return state;
  }

  private static SessionKey key(int number, @Nullable String appid) {
    byte[] bytes = new byte[SessionKey.LENGTH];
    Arrays.fill(bytes, (byte) number);
    return SessionKey.of(bytes, appid);
  }

  private static Watermark at(long seconds) {
    return new Watermark("wx1", seconds);
  }
}
