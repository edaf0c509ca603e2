package dev.wxphone.topics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the five files of {@code topics/}: one {@code KafkaTopic} of Strimzi each. */
public final class TopicFiles {
  private static final String DEFAULT_NAMES =
      Arrays.stream(TopicRole.values())
          .map(TopicRole::defaultName)
          .collect(Collectors.joining(", "));

  // Any version: the fields read here are the same in v1 and in v1beta2.
  private static final String API = "kafka.strimzi.io/";
  private static final int MAX_NAME = 249;

  // Anything unexpected is an error: a misspelt field must not become a default.
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private TopicFiles() {}

  /** Returns the topics of the files in the jar, under their configured names. */
  public static List<DesiredTopic> bundled(Map<String, String> names) {
    return read("topics/", TopicFiles::resource, names);
  }

  /**
   * Returns the topics of the files in a directory, which are named like those in the jar.
   *
   * @param names configured names by default name; a name that is missing is the default
   * @throws OperatorException if a file is missing or not as it should be
   */
  public static List<DesiredTopic> in(Path directory, Map<String, String> names) {
    return read(directory + "/", file -> Files.newInputStream(directory.resolve(file)), names);
  }

  private static List<DesiredTopic> read(String place, Source source, Map<String, String> names) {
    var topics = new ArrayList<DesiredTopic>();
    for (var role : TopicRole.values()) {
      var file = role.defaultName() + ".yaml";
      try (var input = source.open(file)) {
        var name = names.getOrDefault(role.defaultName(), role.defaultName());
        topics.add(new Parser(place + file, role, name).topic(input));
      } catch (NoSuchFileException e) {
        throw OperatorException.failed(
            place + file + " is missing: put all of " + DEFAULT_NAMES + " there");
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

  /** Parses one file. */
  private record Parser(String file, TopicRole role, String configuredName) {

    DesiredTopic topic(InputStream input) throws IOException {
      JsonNode root;
      try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(input)) {
        root = documents.hasNextValue() ? documents.nextValue() : YAML.missingNode();
        if (documents.hasNextValue()) {
          throw wrong("holds more than one document: keep one topic in each file");
        }
      }
      requireFields(root, "the file", Set.of("apiVersion", "kind", "metadata", "spec"));
      if (!text(root, "apiVersion").startsWith(API)) {
        throw wrong("has the apiVersion " + text(root, "apiVersion") + ", not " + API + "v1");
      }
      if (!text(root, "kind").equals("KafkaTopic")) {
        throw wrong("has the kind " + text(root, "kind") + ", not KafkaTopic");
      }
      var spec = root.path("spec");
      requireFields(spec, "spec", Set.of("topicName", "partitions", "replicas", "config"));
      requireName(
          spec.has("topicName") ? text(spec, "topicName") : text(root.path("metadata"), "name"));
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

    /** Requires that the file has the default name or the configured one. */
    private void requireName(String name) {
      if (!name.equals(role.defaultName()) && !name.equals(configuredName)) {
        throw wrong(
            "names the topic %s, but wxphone.topic.%s is %s: make them the same"
                .formatted(name, role.defaultName(), configuredName));
      }
      if (configuredName.length() > MAX_NAME || !configuredName.matches("[a-zA-Z0-9._-]+")) {
        throw wrong("is for " + role.settingKey() + ", whose value is no legal topic name");
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
          // Fractions must be text: 0.50 as a number would become 0.5.
          throw wrong("has a spec.config." + entry.getKey() + " that is no text or whole number");
        }
        config.put(entry.getKey(), value.asText().strip());
      }
      return config;
    }

    private void requireFields(JsonNode node, String where, Set<String> known) {
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
