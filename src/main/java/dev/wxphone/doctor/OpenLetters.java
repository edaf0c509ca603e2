package dev.wxphone.doctor;

import java.time.Duration;

/** The dead letters that can be replayed, and were neither replayed nor parked. */
public interface OpenLetters {
  /**
   * How many of them the topic drops within a time.
   *
   * @param retention how long the topic keeps a letter
   */
  long expiringWithin(Duration time, Duration retention);
}
