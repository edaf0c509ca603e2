package dev.wxphone.stream.runtime;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The topics whose state a state directory holds. The checkpoints of Kafka Streams are offsets
 * alone: of a changelog that was deleted and created again it would restore the end only, and keep
 * session keys and watermarks of another cluster.
 *
 * @param cluster id of the cluster
 * @param changelogs topic ids of the changelogs that exist, by name
 */
record StateOrigin(String cluster, Map<String, String> changelogs) {
  static final String FILE = "origin";
  private static final String CLUSTER = "cluster";

  StateOrigin {
    changelogs = Map.copyOf(changelogs);
  }

  /** Returns whether the directory holds state that is not known to be of these topics. */
  boolean isForeignTo(StateDirectory directory) throws IOException {
    return directory.holdsTasks() && !matches(read(directory));
  }

  /** Stores the ids in the directory. */
  void writeTo(StateDirectory directory) throws IOException {
    Properties properties = new Properties();
    properties.setProperty(CLUSTER, cluster);
    properties.putAll(changelogs);
    StringWriter content = new StringWriter();
    properties.store(content, "Of which topics this is the state");
    directory.write(FILE, content.toString());
  }

  /** A changelog that did not exist when the ids were stored was created by this state since. */
  private boolean matches(Map<String, String> stored) {
    return !changelogs.isEmpty()
        && cluster.equals(stored.get(CLUSTER))
        && changelogs.entrySet().stream()
            .allMatch(
                log -> stored.getOrDefault(log.getKey(), log.getValue()).equals(log.getValue()));
  }

  private static Map<String, String> read(StateDirectory directory) throws IOException {
    Map<String, String> stored = new TreeMap<>();
    Optional<String> content = directory.read(FILE);
    if (content.isPresent()) {
      Properties properties = new Properties();
      try {
        properties.load(new StringReader(content.get()));
      } catch (IllegalArgumentException damaged) {
        return stored;
      }
      properties
          .stringPropertyNames()
          .forEach(name -> stored.put(name, properties.getProperty(name)));
    }
    return stored;
  }
}
