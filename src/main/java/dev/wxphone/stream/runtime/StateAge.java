package dev.wxphone.stream.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Until when the state in a directory surely followed its changelogs. State that is brought up to
 * date after longer than a changelog keeps its tombstones holds what others have deleted since, and
 * payloads that they have answered would be answered again.
 */
final class StateAge {
  private static final Logger LOG = LoggerFactory.getLogger(StateAge.class);
  private static final String FILE = "followed";
  private static final Duration EVERY = Duration.ofMinutes(1);

  /** How far a clock may be set back without harm. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private final Path directory;
  private final Duration tombstonesKept;
  private @Nullable Instant noted;

  /**
   * The age of a directory's state.
   *
   * @param tombstonesKept by the changelog that keeps them for the shortest time, at least
   */
  StateAge(Path directory, Duration tombstonesKept) {
    this.directory = directory;
    this.tombstonesKept = tombstonesKept;
  }

  /**
   * Whether state may be brought up to date and not only thrown away. A tombstone is kept from when
   * it is first compacted, so for longer than this; half of it leaves room for clocks, and for the
   * time that bringing up to date takes.
   */
  static boolean isBelieved(Instant followed, Instant now, Duration tombstonesKept) {
    Duration age = Duration.between(followed, now);
    return age.compareTo(CLOCKS.negated()) >= 0 && age.compareTo(tombstonesKept.dividedBy(2)) < 0;
  }

  /** Whether the directory holds state that is too old. */
  synchronized boolean isTooOld(Instant now) throws IOException {
    if (!StateOrigin.holdsTasks(directory)) {
      return false;
    }
    Instant followed = read();
    if (!isBelieved(followed, now, tombstonesKept)) {
      return true;
    }
    // What is there stays as old as it is until it has caught up.
    noted = followed;
    return false;
  }

  /** There is no state yet: what will be read from now on is of now. */
  synchronized void begin(Instant now) throws IOException {
    write(now);
  }

  /**
   * The state follows. Where that could not be said for too long, as after a halt of the process,
   * it is said no more: the next start restores it anew.
   */
  synchronized void follows(Instant now, boolean atOnce) {
    if (noted != null
        && (!isBelieved(noted, now, tombstonesKept)
            || (!atOnce && Duration.between(noted, now).compareTo(EVERY) < 0))) {
      return;
    }
    try {
      write(now);
    } catch (IOException e) {
      // Then the state is believed for less long, no more.
      LOG.debug("{} can't be written: {}", FILE, e.getClass().getSimpleName());
    }
  }

  private void write(Instant now) throws IOException {
    StateFile.write(directory, FILE, Long.toString(now.toEpochMilli()));
    noted = now;
  }

  /** Of state that an earlier version left, when its last run began. */
  private Instant read() throws IOException {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      try {
        return Instant.ofEpochMilli(Long.parseLong(Files.readString(file).trim()));
      } catch (NumberFormatException damaged) {
        return Instant.EPOCH;
      }
    }
    Path origin = directory.resolve(StateOrigin.FILE);
    return Files.exists(origin) ? Files.getLastModifiedTime(origin).toInstant() : Instant.EPOCH;
  }
}
