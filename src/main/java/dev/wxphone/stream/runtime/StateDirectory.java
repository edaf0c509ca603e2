package dev.wxphone.stream.runtime;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in which Kafka Streams keeps the state of this application, and wxphone small files
 * beside it.
 */
record StateDirectory(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);

  /** The directory of the state of one partition. */
  private static final Pattern TASK = Pattern.compile("[0-9]+_[0-9]+");

  /**
   * Loads RocksDB, which extracts 15 MB of its library. In this directory it replaces the same file
   * each time; in the temporary directory, each process that is killed would leave one behind.
   */
  void loadRocksDb() {
    try {
      Files.createDirectories(path);
      NativeLibraryLoader.getInstance().loadLibrary(path.toString());
    } catch (IOException e) {
      throw OperatorException.failed(unusable());
    }
  }

  /**
   * Removes state that can't be brought up to date from the changelogs, and records of which topics
   * the state will be.
   *
   * @param cleanUp removes the state
   */
  void prepare(StateOrigin origin, StateAge age, Runnable cleanUp) throws IOException {
    if (origin.isForeignTo(this)) {
      LOG.info("the state in {} is not of the topics that are there, and is removed", path);
      cleanUp.run();
    } else if (age.isTooOld(Instant.now())) {
      LOG.info(
          "the state in {} is older than what its changelogs can surely bring up to date, and is"
              + " removed",
          path);
      cleanUp.run();
    }
    if (!holdsTasks()) {
      age.begin(Instant.now());
    }
    origin.writeTo(this);
  }

  /** Returns whether there is the state of a partition. */
  boolean holdsTasks() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.anyMatch(file -> TASK.matcher(file.getFileName().toString()).matches());
    }
  }

  /** Returns the path of a file in the directory. */
  Path file(String name) {
    return path.resolve(name);
  }

  /** Writes a file atomically; creates the directory if it does not exist. */
  void write(String name, String content) throws IOException {
    Files.createDirectories(path);
    Path written = Files.writeString(file(name + ".new"), content);
    Files.move(
        written, file(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns the line for a directory that another process has locked. */
  String inUse() {
    return "the state directory "
        + path
        + " is in use by another process; stop that one, or set another state.dir";
  }

  /** Returns the line for a directory that can't be read or written. */
  String unusable() {
    return "the state directory %s can't be used; see that it can be written and its disk has room. If it is damaged, remove it: what was there is restored from Kafka"
        .formatted(path);
  }
}
