package dev.wxphone.stream.runtime;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.sun.security.auth.module.UnixSystem;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Directories that no other user of the machine can change: who could, would run code as us, since
 * RocksDB's library is loaded from there. On a file system without POSIX permissions only symbolic
 * links are refused.
 *
 * @param user our numeric user id
 */
record PrivateDirectory(long user) {
  private static final long ROOT = 0;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;

  /** Returns the directories of the user of this process. */
  static PrivateDirectory ofThisUser() {
    return new PrivateDirectory(isPosix(Path.of("")) ? thisUser() : ROOT);
  }

  /** The JDK says 0 of a user whose number has no name, as one of a container has none. */
  private static long thisUser() {
    try {
      return number(Files.readAttributes(Path.of("/proc/self"), "unix:uid").get("uid"));
    } catch (IOException withoutProc) {
      return new UnixSystem().getUid();
    }
  }

  private static long number(@Nullable Object id) {
    return ((Number) Objects.requireNonNull(id)).longValue() & 0xffff_ffffL;
  }

  /**
   * Creates a directory for its owner alone, and those above it that don't exist.
   *
   * @param top the directory, or one above it; from there on all must be ours
   * @throws OperatorException if one of them is a symbolic link, belongs to another user or can be
   *     written by one, or could be replaced by one
   */
  void create(Path top, Path directory) throws IOException {
    Deque<Path> ours = new ArrayDeque<>();
    Path each = directory;
    while (each.getParent() != null
        && (each.startsWith(top) || !Files.exists(each, NOFOLLOW_LINKS))) {
      ours.push(each);
      each = each.getParent();
    }
    requireSafeToCreateIn(each.toRealPath());
    for (Path below : ours) {
      if (!Files.exists(below, NOFOLLOW_LINKS)) {
        create(below);
      }
      requireOurs(below);
    }
  }

  private static void create(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, permissions(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      // Somebody was faster; whose it is, is checked next.
    }
  }

  /** Lets nobody but the owner into a directory, or read a file. */
  static void restrict(Path path) throws IOException {
    if (isPosix(path)) {
      String permissions = Files.isDirectory(path, NOFOLLOW_LINKS) ? "rwx------" : "rw-------";
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  /** Creates a file, for its owner alone; does not follow a symbolic link, but replaces it. */
  static void write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, options, permissions(file, "rw-------"))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }

  private void requireOurs(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw refused(directory, "is a symbolic link", "name the directory that it leads to");
    }
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      throw refused(directory, "is no directory", "remove it");
    }
    if (!isPosix(directory)) {
      return;
    }
    Status status = Status.of(directory);
    if (status.owner != user) {
      throw refused(
          directory,
          "belongs to another user (%d, and this is %d)".formatted(status.owner, user),
          "remove it, or give it to this user (chown)");
    }
    requireNotWritable(directory, status);
  }

  /** In a directory with the sticky bit, nobody can replace what is another's. */
  private void requireSafeToCreateIn(Path directory) throws IOException {
    if (!isPosix(directory)) {
      return;
    }
    Status status = Status.of(directory);
    if (status.owner != user && status.owner != ROOT) {
      throw refused(
          directory,
          "belongs to another user (%d, and this is %d)".formatted(status.owner, user),
          "give it to this user (chown)");
    }
    if ((status.mode & STICKY) == 0) {
      requireNotWritable(directory, status);
    }
  }

  private static void requireNotWritable(Path directory, Status status) {
    if ((status.mode & WRITABLE_BY_OTHERS) != 0) {
      throw refused(directory, "can be written by other users", "chmod go-w it");
    }
  }

  private static OperatorException refused(Path directory, String why, String remedy) {
    return OperatorException.failed(
        "the state directory is not safe: %s %s, who could have their code run as this user; %s, or set state.dir to another one"
            .formatted(SafeText.escaped(directory.toString()), why, remedy));
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private record Status(long owner, int mode) {
    static Status of(Path path) throws IOException {
      return new Status(number(path, "unix:uid") & 0xffff_ffffL, (int) number(path, "unix:mode"));
    }

    private static long number(Path path, String attribute) throws IOException {
      return ((Number) Files.getAttribute(path, attribute, NOFOLLOW_LINKS)).longValue();
    }
  }
}
