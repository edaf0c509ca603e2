package dev.wxphone.tools.replay;

import java.time.Duration;

/**
 * The rate of a replay as small transactions, evenly spread, so that live traffic finds gaps.
 *
 * @param perSecond letters, more than 0
 */
record ReplayRate(double perSecond) {
  /** A larger transaction would hold up consumers with {@code read_committed}. */
  private static final int MAX_BATCH = 100;

  private static final int TRANSACTIONS_PER_SECOND = 10;

  /** Returns the number of letters in one transaction, 1 to 100. */
  int batch() {
    return (int) Math.max(1, Math.min(MAX_BATCH, perSecond / TRANSACTIONS_PER_SECOND));
  }

  /** Returns the time from the start until the letter after those sent is due. */
  Duration due(long sent) {
    return Duration.ofNanos((long) (sent / perSecond * 1e9));
  }
}
