package dev.wxphone.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The five files of {@code topics/}, Strimzi's {@code KafkaTopic}s, one topic each. */
public final class TopicFiles {
  /** The default names of our topics, each with a file of its name and {@code .yaml}. */
  public static final List<String> ROLES =
      List.of("phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit");

  // Of any version: the fields that are read here are the same in v1 and in v1beta2.
  private static final String API = "kafka.strimzi.io/";
  private static final int MAX_NAME = 249;

  // Anything unexpected is an error rather than ignored: a typing error must not become a default.
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private TopicFiles() {}

  /** The topics of the files that the program brings along, under their configured names. */
  public static List<DesiredTopic> bundled(Map<String, String> names) {
    return read("topics/", TopicFiles::resource, names);
  }

  /**
   * The topics of the files of the same names in a directory; other files there do not matter.
   *
   * @param names the configured name of each of {@link #ROLES}; one that is missing is the default
   */
  public static List<DesiredTopic> in(Path directory, Map<String, String> names) {
    return read(directory + "/", file -> Files.newInputStream(directory.resolve(file)), names);
  }

  private static List<DesiredTopic> read(String place, Source source, Map<String, String> names) {
    var topics = new ArrayList<DesiredTopic>();
    for (var role : ROLES) {
      var file = role + ".yaml";
      try (var input = source.open(file)) {
        topics.add(new Reading(place + file, role, names.getOrDefault(role, role)).topic(input));
      } catch (NoSuchFileException e) {
        throw OperatorException.failed(
            place + file + " is missing: put all of " + String.join(", ", ROLES) + " there");
      } catch (JsonProcessingException e) {
        var where = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
        throw OperatorException.failed(
            place + file + " is no YAML" + where + ": " + firstLine(e.getOriginalMessage()));
      } catch (IOException e) {
        throw OperatorException.failed(place + file + " can't be read: " + e);
      }
    }
    return List.copyOf(topics);
  }

  private static InputStream resource(String file) throws IOException {
    var stream = TopicFiles.class.getResourceAsStream("/topics/" + file);
    if (stream == null) {
      throw new NoSuchFileException(file);
    }
    return stream;
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "unreadable" : text.lines().findFirst().orElse("");
  }

  private interface Source {
    InputStream open(String file) throws IOException;
  }

  /** One file on its way to a topic. */
  private record Reading(String file, String role, String configuredName) {

    DesiredTopic topic(InputStream input) throws IOException {
      JsonNode root;
      try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(input)) {
        root = documents.hasNextValue() ? documents.nextValue() : YAML.missingNode();
        if (documents.hasNextValue()) {
          throw wrong("holds more than one document: keep one topic in each file");
        }
      }
      fields(root, "the file", Set.of("apiVersion", "kind", "metadata", "spec"));
      if (!text(root, "apiVersion").startsWith(API)) {
        throw wrong("has the apiVersion " + text(root, "apiVersion") + ", not " + API + "v1");
      }
      if (!text(root, "kind").equals("KafkaTopic")) {
        throw wrong("has the kind " + text(root, "kind") + ", not KafkaTopic");
      }
      var spec = root.path("spec");
      fields(spec, "spec", Set.of("topicName", "partitions", "replicas", "config"));
      name(spec.has("topicName") ? text(spec, "topicName") : text(root.path("metadata"), "name"));
      if (!spec.has("partitions")) {
        throw wrong("has no spec.partitions: the join needs a known number");
      }
      return new DesiredTopic(
          role,
          configuredName,
          positive(spec, "partitions"),
          spec.has("replicas") ? OptionalInt.of(positive(spec, "replicas")) : OptionalInt.empty(),
          config(spec.path("config")));
    }

    /** The file says the default name or the configured one; the real topic has the latter. */
    private void name(String name) {
      if (!name.equals(role) && !name.equals(configuredName)) {
        throw wrong(
            "names the topic %s, but wxphone.topic.%s is %s: make them the same"
                .formatted(name, role, configuredName));
      }
      if (configuredName.length() > MAX_NAME || !configuredName.matches("[a-zA-Z0-9._-]+")) {
        throw wrong("is for wxphone.topic." + role + ", whose value is no legal topic name");
      }
    }

    private Map<String, String> config(JsonNode node) {
      var config = new TreeMap<String, String>();
      if (!node.isMissingNode() && !node.isObject()) {
        throw wrong("has a spec.config that is not a map");
      }
      for (var entry : node.properties()) {
        var value = entry.getValue();
        if (!value.isTextual() && !value.isIntegralNumber() && !value.isBoolean()) {
          // Fractions are written as text: 0.50 as a number would come out as 0.5.
          throw wrong("has a spec.config." + entry.getKey() + " that is no text or whole number");
        }
        config.put(entry.getKey(), value.asText().strip());
      }
      return config;
    }

    private void fields(JsonNode node, String where, Set<String> known) {
      if (!node.isObject()) {
        throw wrong("has no map for " + where);
      }
      for (var entry : node.properties()) {
        if (!known.contains(entry.getKey())) {
          throw wrong("has an unknown field " + entry.getKey() + " in " + where);
        }
      }
    }

    private String text(JsonNode parent, String field) {
      var node = parent.path(field);
      if (!node.isTextual() || node.textValue().isBlank()) {
        throw wrong("has no " + field);
      }
      return node.textValue();
    }

    private int positive(JsonNode parent, String field) {
      var node = parent.path(field);
      if (!node.isInt() || node.intValue() < 1) {
        throw wrong("has a spec." + field + " that is no whole number from 1");
      }
      return node.intValue();
    }

    private OperatorException wrong(String what) {
      return OperatorException.failed(file + " " + what);
    }
  }
}
