package dev.wxphone.core.domain;

/**
 * The time of a click: the timestamp of its record, which some backends give in seconds.
 *
 * @param millis milliseconds since 1970
 * @param inSeconds whether the timestamp was in seconds
 */
public record ClickTime(long millis, boolean inSeconds) {
  /** 2011-01-01, the year in which WeChat appeared, in milliseconds since 1970. */
  private static final long EARLIEST = 1_293_840_000_000L;

  /** The year 2286; taken for milliseconds it is in April 1970. */
  private static final long LATEST_SECONDS = 10_000_000_000L;

  /** How far a time in seconds may lie in the future, in milliseconds: clocks differ. */
  private static final long AHEAD = 60 * 60_000;

  /** Creates a time that was given in milliseconds since 1970. */
  public static ClickTime ofMillis(long millis) {
    return new ClickTime(millis, false);
  }

  /**
   * Returns the time that the timestamp of a record states.
   *
   * @param now milliseconds since 1970
   */
  public static ClickTime of(long timestamp, long now) {
    boolean inSeconds = isInSeconds(timestamp) && timestamp * 1000 <= now + AHEAD;
    return new ClickTime(inSeconds ? timestamp * 1000 : timestamp, inSeconds);
  }

  /** Returns a timestamp in milliseconds since 1970, even if it lies in the future. */
  public static long millisOf(long timestamp) {
    return isInSeconds(timestamp) ? timestamp * 1000 : timestamp;
  }

  /** Returns whether this is before WeChat, so that no user can have clicked then. */
  public boolean isImpossible() {
    return millis < EARLIEST;
  }

  private static boolean isInSeconds(long timestamp) {
    return timestamp >= EARLIEST / 1000 && timestamp < LATEST_SECONDS;
  }
}
