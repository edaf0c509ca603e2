package dev.wxphone.stream.topology;

/**
 * How far a topic has been read. Wall-clock time alone must not end a payload's waiting: after an
 * outage its session key may be on the broker, published in time but not yet read.
 */
@FunctionalInterface
public interface Horizon {
  /** A horizon that is never behind, for the test driver. */
  Horizon ALWAYS = (partition, instant) -> true;

  /**
   * Returns whether every record that was on the broker at an instant has been read.
   *
   * @param instant milliseconds since 1970, not in the future
   */
  boolean passed(int partition, long instant);
}
