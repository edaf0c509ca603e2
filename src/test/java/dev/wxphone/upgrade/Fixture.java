package dev.wxphone.upgrade;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * What a release left behind, as a file: the data directory of a broker that was stopped, {@code
 * kafka}, and the state directory of a {@code run} that was, {@code state}. {@link FixtureMaker}
 * makes it.
 */
record Fixture(Path file) {
  /** Where the files lie, one for each release. */
  static final Path DIRECTORY = Path.of("src", "test", "resources", "upgrade");

  static final String KAFKA = "kafka";
  static final String STATE = "state";

  /** Partitions of each topic. */
  static final int PARTITIONS = 2;

  /** Written anew by each start: locks, a library, logs. */
  private static final Pattern LEFT_OUT =
      Pattern.compile("LOCK|\\.lock|LOG(\\.old\\..*)?|librocksdbjni-.*");

  /** Returns those of all releases. */
  static List<Fixture> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.toString().endsWith(".zip"))
          .sorted()
          .map(Fixture::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Packs both directories. */
  void pack(Path from) throws IOException {
    try (OutputStream bytes = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(9);
      for (String directory : List.of(KAFKA, STATE)) {
        for (Path each : files(from.resolve(directory))) {
          ZipEntry entry = new ZipEntry(from.relativize(each).toString());
          entry.setLastModifiedTime(FileTime.fromMillis(0));
          zip.putNextEntry(entry);
          Files.copy(each, zip);
          zip.closeEntry();
        }
      }
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(each -> !LEFT_OUT.matcher(each.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /** Unpacks both directories. */
  void unpack(Path to) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path each = to.resolve(entry.getName()).normalize();
        Files.createDirectories(each.getParent());
        Files.copy(zip, each);
      }
    }
  }

  @Override
  public String toString() {
    return file.getFileName().toString().replace(".zip", "");
  }
}
