package dev.wxphone.stream.runtime;

/**
 * Where a group that has no offsets begins to read payloads; session keys are always read whole.
 */
public enum StartPosition {
  /** With all payloads that the topic still holds, answered or not. */
  EARLIEST,
  /** With payloads published from now on. */
  LATEST
}
