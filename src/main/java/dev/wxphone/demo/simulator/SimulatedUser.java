package dev.wxphone.demo.simulator;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** A user of the mini-program, and what the backend has published of her sessions. */
final class SimulatedUser {
  final String openid;
  final String mobile;
  final Set<ByteBuffer> publishedKeys = new HashSet<>();
  int clicks;
  private long busyUntilMillis = Long.MIN_VALUE;

  SimulatedUser(Random random) {
    byte[] id = new byte[20];
    random.nextBytes(id);
    openid = "o" + Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    mobile = "1%d%08d".formatted(35 + random.nextInt(5), random.nextInt(100_000_000));
  }

  /** Returns whether all of the last visit is published, so that another may begin. */
  boolean isFree(long atMillis) {
    return busyUntilMillis <= atMillis;
  }

  void busyUntil(long millis) {
    busyUntilMillis = Math.max(busyUntilMillis, millis);
  }

  void neverReturns() {
    busyUntilMillis = Long.MAX_VALUE;
  }
}
