package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in which Kafka Streams keeps the state of this application, and wxphone small files
 * beside it. It and the one above it, {@code state.dir}, belong to this user alone.
 *
 * @param path absolute
 */
record StateDirectory(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);

  /** The directory of the state of one partition. */
  private static final Pattern TASK = Pattern.compile("[0-9]+_[0-9]+");

  /**
   * Returns the directory of an application.
   *
   * @param stateDir Kafka's setting {@code state.dir}; null for the default, which follows the XDG
   *     base directories. Kafka's own default is a directory that another user can make first
   * @param home the home directory
   */
  static StateDirectory of(
      @Nullable String stateDir,
      String applicationId,
      Map<String, String> environment,
      String home) {
    try {
      Path parent = stateDir == null ? usual(environment, home) : Path.of(stateDir.strip());
      return new StateDirectory(parent.resolve(applicationId).toAbsolutePath());
    } catch (InvalidPathException e) {
      throw OperatorException.usage("state.dir: expected a path");
    }
  }

  private static Path usual(Map<String, String> environment, String home) {
    // A relative path in it is to be ignored, by the XDG specification.
    Path stated = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
    if (stated.isAbsolute()) {
      return stated.resolve("wxphone");
    }
    if (!Path.of(home).isAbsolute()) {
      throw OperatorException.usage("state.dir: this user has no home directory, so set it");
    }
    return Path.of(home, ".local", "state", "wxphone");
  }

  /**
   * Creates the directory, if it does not exist, for this user alone.
   *
   * @throws OperatorException if another user could change what is in it
   */
  void create() throws IOException {
    PrivateDirectory.ofThisUser().create(parent(), path);
  }

  /** Returns {@code state.dir}. */
  Path parent() {
    return Objects.requireNonNull(path.getParent());
  }

  /**
   * Loads RocksDB, which extracts 15 MB of its library. In this directory it replaces the same file
   * each time; in the temporary directory, each process that is killed would leave one behind, and
   * another user could swap it before it is loaded.
   */
  void loadRocksDb() {
    try {
      create();
      Path library = file(Environment.getJniLibraryFileName("rocksdb"));
      // The loader would not replace a symbolic link that leads nowhere.
      Files.deleteIfExists(library);
      NativeLibraryLoader.getInstance().loadLibrary(path.toString());
      if (Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS)) {
        PrivateDirectory.restrict(library);
      }
    } catch (IOException e) {
      throw OperatorException.failed(unusable());
    } catch (UnsatisfiedLinkError e) {
      throw OperatorException.failed(
          "RocksDB's library can't be loaded from the state directory %s; if its disk is mounted noexec, set state.dir to another one"
              .formatted(path));
    }
  }

  /**
   * Removes state that can't be brought up to date from the changelogs, and records of which topics
   * the state will be.
   *
   * @param cleanUp removes the state
   */
  void prepare(StateOrigin origin, StateAge age, Runnable cleanUp) throws IOException {
    // Kafka Streams has let the group in.
    PrivateDirectory.restrict(parent());
    PrivateDirectory.restrict(path);
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

  /** Returns the content of a file; empty if there is none, or a symbolic link in its place. */
  Optional<String> read(String name) throws IOException {
    Path file = file(name);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(Files.readString(file))
        : Optional.empty();
  }

  /** Writes a file atomically; creates the directory if it does not exist. */
  void write(String name, String content) throws IOException {
    create();
    Path written = file(name + ".new");
    PrivateDirectory.write(written, content.getBytes(UTF_8));
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
