package dev.wxphone.tools.replay;

import java.time.Duration;

/**
 * How many letters go in one transaction, and when the next may begin: small transactions, evenly
 * spread, so that live traffic finds its gaps.
 *
 * @param perSecond letters, more than 0
 */
public record ReplayRate(double perSecond) {
  /** More in one transaction would hold up committed readers. */
  static final int MOST = 100;

  private static final int TRANSACTIONS_A_SECOND = 10;

  /** How many letters go in one transaction, 1 to 100. */
  int batch() {
    return (int) Math.max(1, Math.min(MOST, perSecond / TRANSACTIONS_A_SECOND));
  }

  /** When so many letters may have been sent, from the beginning on. */
  Duration due(long sent) {
    return Duration.ofNanos((long) (sent / perSecond * 1e9));
  }
}
