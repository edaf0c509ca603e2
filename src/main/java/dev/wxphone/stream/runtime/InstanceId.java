package dev.wxphone.stream.runtime;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The {@code group.instance.id} of this installation, a static member of its group (KIP-345). It is
 * stored in the state directory: after a restart the member keeps its partitions, and only one
 * process can hold the directory's lock.
 */
final class InstanceId {
  private static final String FILE = "group.instance.id";
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  private InstanceId() {}

  /** Returns the id stored in the directory; stores a new one if it holds none. */
  static String in(StateDirectory directory) {
    try {
      Optional<String> stored =
          directory.read(FILE).map(String::strip).filter(id -> LEGAL.matcher(id).matches());
      if (stored.isPresent()) {
        return stored.get();
      }
      String id = "wxphone-" + UUID.randomUUID();
      directory.write(FILE, id + "\n");
      return id;
    } catch (IOException e) {
      throw OperatorException.failed(
          "cannot write in the state directory "
              + directory.path()
              + " ("
              + e.getClass().getSimpleName()
              + "); make it writable, or set state.dir to one that is");
    }
  }
}
