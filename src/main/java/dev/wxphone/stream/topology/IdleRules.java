package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.UserState;
import java.time.Duration;

/**
 * For how long what is stored of a user is kept. No answer to a payload or dead letter that is
 * still there may change when it goes.
 *
 * @param idle after how many milliseconds without a sign of the user all of it goes
 * @param superseded after how many milliseconds a session key goes that a later login has replaced
 */
record IdleRules(long idle, long superseded) {
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Returns the rules.
   *
   * @param oldest how much older than its record a payload may say it is
   */
  static IdleRules of(AnswerRules rules, Duration oldest) {
    long idle = rules.usersIdle().toMillis();
    // A payload that is as old as can be becomes a letter, which is replayed when it is as old as
    // can be; and its watermark may be older than it.
    long letter =
        oldest.compareTo(Duration.ofDays(36_500)) > 0
            ? Long.MAX_VALUE
            : oldest.multipliedBy(2).plus(rules.watermarkMaxAge()).toMillis();
    return new IdleRules(idle, Math.max(idle, letter));
  }

  /** Returns whether a user's state goes. */
  boolean isIdle(UserState user, long now) {
    return user.idleMillis(now) - unstored() > idle;
  }

  /**
   * Returns a user's state without the session keys that go. Where a program before this one stored
   * no time of the last activity, it begins now.
   */
  UserState kept(UserState user, long now) {
    UserState kept = superseded > now ? user : user.withoutSuperseded(now - superseded);
    return kept.activeAt() == UserState.NEVER ? kept.active(now) : kept;
  }

  /** Returns whether a sign of the user has to be stored, though nothing else has changed. */
  boolean isDue(UserState user, long now) {
    return user.activeAt() == UserState.NEVER || user.idleMillis(now) > unstored();
  }

  /** How old the stored sign may be at most while there are newer ones: not each costs a write. */
  private long unstored() {
    return Math.min(idle / 32, DAY.toMillis());
  }
}
