package dev.wxphone.stream.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small file that is kept beside the state. */
final class StateFile {
  private StateFile() {}

  /** Writes it whole or not at all; makes the directory where there is none. */
  static void write(Path directory, String name, String content) throws IOException {
    Files.createDirectories(directory);
    Path written = Files.writeString(directory.resolve(name + ".new"), content);
    Files.move(
        written,
        directory.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }
}
