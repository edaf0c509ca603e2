package dev.wxphone.stream.topology;

/**
 * How far session keys have been read. Wall clock alone must not end a payload's waiting: after an
 * outage its session key may lie on the broker, published in time and not yet read.
 */
@FunctionalInterface
public interface KeyHorizon {
  /** For where nothing is ever behind: a test driver. */
  KeyHorizon ALWAYS = (partition, instant) -> true;

  /**
   * True once every session key that was on the broker at an instant has been read.
   *
   * @param instant milliseconds since 1970, not in the future
   */
  boolean passed(int partition, long instant);
}
