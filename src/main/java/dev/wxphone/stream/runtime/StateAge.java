package dev.wxphone.stream.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instant at which the state in a directory was last up to date with its changelogs. If that is
 * longer ago than a changelog keeps its tombstones, restoring keeps entries that other processes
 * have deleted since, and payloads that they have answered would be answered again.
 */
final class StateAge {
  private static final Logger LOG = LoggerFactory.getLogger(StateAge.class);
  private static final String FILE = "followed";
  private static final Duration WRITE_INTERVAL = Duration.ofMinutes(1);

  /** How far a clock may be set back without harm. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private final StateDirectory directory;
  private final Duration tombstonesKept;

  /** What the file holds. */
  private @Nullable Instant written;

  /**
   * Creates the age of a directory's state.
   *
   * @param tombstonesKept how long each changelog keeps tombstones, at least
   */
  StateAge(StateDirectory directory, Duration tombstonesKept) {
    this.directory = directory;
    this.tombstonesKept = tombstonesKept;
  }

  /**
   * Returns whether state can be brought up to date instead of removed. A tombstone is kept from
   * its first compaction on, so for longer than the setting; half of that leaves room for clocks,
   * and for the time that restoring takes.
   */
  static boolean isUsable(Instant followed, Instant now, Duration tombstonesKept) {
    Duration age = Duration.between(followed, now);
    return age.compareTo(CLOCK_SKEW.negated()) >= 0
        && age.compareTo(tombstonesKept.dividedBy(2)) < 0;
  }

  /** Returns whether the directory holds state that is too old. */
  synchronized boolean isTooOld(Instant now) throws IOException {
    if (!directory.holdsTasks()) {
      return false;
    }
    Instant followed = read();
    if (!isUsable(followed, now, tombstonesKept)) {
      return true;
    }
    // It stays as old as it is until it has caught up.
    written = followed;
    return false;
  }

  /** Records that there is no state yet, so that all that is read will be newer than now. */
  synchronized void begin(Instant now) throws IOException {
    write(now);
  }

  /**
   * Records that the state is up to date. If the last record is too old, as after a suspension of
   * the process, nothing is recorded any more: the next start restores the state from the
   * beginning.
   *
   * @param atOnce whether to write even within a minute of the last time
   */
  synchronized void follows(Instant now, boolean atOnce) {
    if (written != null
        && (!isUsable(written, now, tombstonesKept)
            || (!atOnce && Duration.between(written, now).compareTo(WRITE_INTERVAL) < 0))) {
      return;
    }
    try {
      write(now);
    } catch (IOException e) {
      // The state is usable for less long, no more.
      LOG.debug("{} can't be written: {}", FILE, e.getClass().getSimpleName());
    }
  }

  private void write(Instant now) throws IOException {
    directory.write(FILE, Long.toString(now.toEpochMilli()));
    written = now;
  }

  /** For state that an earlier version left, returns when its last run began. */
  private Instant read() throws IOException {
    Optional<String> stored = directory.read(FILE);
    if (stored.isPresent()) {
      try {
        return Instant.ofEpochMilli(Long.parseLong(stored.get().trim()));
      } catch (NumberFormatException damaged) {
        return Instant.EPOCH;
      }
    }
    Path origin = directory.file(StateOrigin.FILE);
    return Files.exists(origin) ? Files.getLastModifiedTime(origin).toInstant() : Instant.EPOCH;
  }
}
