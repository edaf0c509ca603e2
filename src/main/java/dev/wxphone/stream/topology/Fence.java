package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wxphone.core.domain.UserState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whether the broker is sure to reject this task's transactions once another process owns the task.
 *
 * <p>The broker checks that by the offsets in a transaction (KIP-447), and a task that has read no
 * record since its start commits none: a process that was suspended for long would go on and answer
 * what others have answered. So before such a task ends a payload's waiting, it writes a record to
 * its own partition of {@code session-key} and goes on when it has read that one. The record is a
 * placeholder, which every reader ignores, under a key that no openid can have.
 */
final class Fence {
  /** How long the task waits, in milliseconds, before it writes another record. */
  private static final long RESEND = 60_000;

  /** No openid has a dot. */
  private static final String KEY = "wxphone.fence";

  private static final byte[] KEY_BYTES = KEY.getBytes(US_ASCII);

  private final Runnable writer;
  private boolean open;
  private long writtenAt = UserState.NEVER;

  /**
   * Creates the fence of a task that has read no record yet.
   *
   * @param writer writes the record
   */
  Fence(Runnable writer) {
    this.writer = writer;
  }

  /** Returns the record's key. */
  static byte[] key() {
    return KEY_BYTES.clone();
  }

  /** Returns whether a record of this key, a placeholder, is that of a fence. */
  static boolean isKey(byte @Nullable [] key) {
    return Arrays.equals(key, KEY_BYTES);
  }

  /** Notes that the task has read a record, of whatever kind. */
  void onRecord() {
    open = true;
  }

  /**
   * Returns whether the task has read a record since its start; if not, has the fence's written.
   *
   * @param now milliseconds since 1970
   */
  boolean openOrWrite(long now) {
    if (!open && now - RESEND >= writtenAt) {
      writtenAt = now;
      writer.run();
    }
    return open;
  }
}
