package dev.wxphone.stream.runtime;

/** Where a group without offsets begins to read payloads; it reads all session keys. */
public enum StartPosition {
  /** At the oldest payload that the topic holds, answered or not. */
  EARLIEST,
  /** Behind the newest payload. */
  LATEST
}
