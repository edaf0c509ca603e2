package dev.wxphone.stream.runtime;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Of which topics a state directory holds the state. Kafka Streams believes its checkpoints, which
 * are offsets alone: of a changelog that was made anew it would restore the end only, and keep
 * session keys and watermarks of another cluster.
 *
 * @param cluster its id
 * @param changelogs the ids of those that exist, by name
 */
record StateOrigin(String cluster, Map<String, String> changelogs) {
  static final String FILE = "origin";
  private static final String CLUSTER = "cluster";

  /** A directory of the state of one partition. */
  private static final Pattern TASK = Pattern.compile("[0-9]+_[0-9]+");

  StateOrigin {
    changelogs = Map.copyOf(changelogs);
  }

  /** Whether a directory holds state that is not known to be of here. */
  boolean isForeignTo(Path directory) throws IOException {
    return holdsTasks(directory) && !fits(read(directory));
  }

  /** Notes it in the directory. */
  void note(Path directory) throws IOException {
    Properties noted = new Properties();
    noted.setProperty(CLUSTER, cluster);
    noted.putAll(changelogs);
    StringWriter content = new StringWriter();
    noted.store(content, "Of which topics this is the state");
    StateFile.write(directory, FILE, content.toString());
  }

  static boolean holdsTasks(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> TASK.matcher(file.getFileName().toString()).matches());
    }
  }

  /** A changelog that was not there when it was noted is the one that this state has made. */
  private boolean fits(Map<String, String> noted) {
    return !changelogs.isEmpty()
        && cluster.equals(noted.get(CLUSTER))
        && changelogs.entrySet().stream()
            .allMatch(
                log -> noted.getOrDefault(log.getKey(), log.getValue()).equals(log.getValue()));
  }

  private static Map<String, String> read(Path directory) throws IOException {
    Map<String, String> noted = new TreeMap<>();
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IllegalArgumentException damaged) {
        return noted;
      }
      properties
          .stringPropertyNames()
          .forEach(name -> noted.put(name, properties.getProperty(name)));
    }
    return noted;
  }
}
