package dev.wxphone.stream.runtime;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name under which this installation is a static member of its group (KIP-345), kept beside its
 * state: after a restart it takes up its own partitions at once, and one process alone can hold the
 * directory's lock.
 */
public final class InstanceId {
  private static final String FILE = "group.instance.id";
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  private InstanceId() {}

  /** The id kept in a directory; a new one where there is none. */
  public static String in(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (Files.exists(file)) {
        String id = Files.readString(file).strip();
        if (LEGAL.matcher(id).matches()) {
          return id;
        }
      }
      String id = "wxphone-" + UUID.randomUUID();
      StateFile.write(directory, FILE, id + "\n");
      return id;
    } catch (IOException e) {
      throw OperatorException.failed(
          "cannot write in the state directory "
              + directory
              + " ("
              + e.getClass().getSimpleName()
              + "); make it writable, or set state.dir to one that is");
    }
  }
}
