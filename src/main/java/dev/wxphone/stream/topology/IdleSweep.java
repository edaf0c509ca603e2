package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.UserState;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.store.UserStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Drops what is stored of idle users, and of the others the session keys that no payload can need
 * any more. Each look takes some users further, and begins again after the last one.
 *
 * <p>A user is dropped only once all records are read that were there when the user was found idle:
 * one of them may be a sign of the user.
 */
final class IdleSweep {
  /** How often it looks. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** How many users one look takes, so that a million on 8 partitions take less than an hour. */
  static final int USERS = 500;

  private static final String OPENID_CHARACTERS =
      "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

  private final UserStore users;
  private final IdleRules rules;
  private final Predicate<byte[]> inUse;
  private final LongPredicate allRead;
  private final AnswerCounts counts;

  /** The first openid of the next look, or where it would be. */
  private byte[] cursor = anywhere();

  /** When the idle users from the cursor on were found, in milliseconds since 1970. */
  private long foundAt = UserState.NEVER;

  /**
   * Creates the sweep of a partition's users.
   *
   * @param inUse whether an openid's state is needed though it is idle: payloads wait
   * @param allRead whether all records of the partition that were there at an instant are read, and
   *     the broker would reject what another process has taken over
   */
  IdleSweep(
      UserStore users,
      IdleRules rules,
      Predicate<byte[]> inUse,
      LongPredicate allRead,
      AnswerCounts counts) {
    this.users = users;
    this.rules = rules;
    this.inUse = inUse;
    this.allRead = allRead;
    this.counts = counts;
  }

  /** A restart forgets the cursor, so where all begin at the same place few reach the end. */
  private static byte[] anywhere() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] openid = {'o', 0, 0};
    for (int i = 1; i < openid.length; i++) {
      openid[i] = (byte) OPENID_CHARACTERS.charAt(random.nextInt(OPENID_CHARACTERS.length()));
    }
    return openid;
  }

  /**
   * Looks at the next users.
   *
   * @param now milliseconds since 1970
   */
  void look(long now) {
    List<UserStore.User> next = users.users(cursor, USERS);
    if (next.stream().anyMatch(user -> isIdle(user, now))) {
      if (foundAt == UserState.NEVER) {
        foundAt = now;
      }
      if (!allRead.test(foundAt)) {
        return;
      }
    }
    for (UserStore.User user : next) {
      if (isIdle(user, now)) {
        users.remove(user.openid());
        counts.countIdleUser();
      } else {
        UserState kept = rules.kept(user.state(), now);
        if (!kept.equals(user.state())) {
          users.put(user.openid(), kept);
        }
      }
    }
    foundAt = UserState.NEVER;
    cursor = next.size() < USERS ? new byte[0] : after(next.get(next.size() - 1).openid());
  }

  private boolean isIdle(UserStore.User user, long now) {
    return rules.isIdle(user.state(), now) && !inUse.test(user.openid());
  }

  /** Returns the first of all keys behind an openid. */
  private static byte[] after(byte[] openid) {
    return Arrays.copyOf(openid, openid.length + 1);
  }
}
