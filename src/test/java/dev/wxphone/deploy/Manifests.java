package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Kubernetes objects below src/main/kubernetes, as their files have them. */
final class Manifests {
  static final Path BASE = Path.of("src", "main", "kubernetes", "base");
  static final Path STRIMZI = Path.of("src", "main", "kubernetes", "strimzi");

  /** No file of a kustomization but what names the others. */
  static final String KUSTOMIZATION = "kustomization.yaml";

  private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);

  private Manifests() {}

  static JsonNode read(Path file) {
    List<JsonNode> documents = documents(file);
    assertThat(documents).as("documents of %s", file).hasSize(1);
    return documents.get(0);
  }

  private static List<JsonNode> documents(Path file) {
    try {
      return all(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** Returns the documents of a YAML text. */
  static List<JsonNode> all(String yaml) throws IOException {
    try (var documents = YAML.<JsonNode>readValues(yaml)) {
      return documents.readAll();
    }
  }

  /** Returns the objects that are resources of a kustomization, without those of its base. */
  static List<JsonNode> resources(Path directory) {
    return texts(read(directory.resolve(KUSTOMIZATION)).path("resources"))
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .map(Manifests::read)
        .toList();
  }

  /** Returns the object of a kind in the base. */
  static JsonNode base(String kind) {
    List<JsonNode> found =
        resources(BASE).stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
    assertThat(found).as(kind).hasSize(1);
    return found.get(0);
  }

  /** Returns the files that a kustomization names, beside the directories of its base. */
  static List<Path> listed(Path directory) {
    JsonNode kustomization = read(directory.resolve(KUSTOMIZATION));
    List<String> names = new ArrayList<>(texts(kustomization.path("resources")).toList());
    kustomization.path("patches").forEach(patch -> names.add(patch.path("path").asText()));
    kustomization
        .path("configMapGenerator")
        .forEach(map -> texts(map.path("files")).forEach(names::add));
    return names.stream()
        .map(name -> directory.resolve(name).normalize())
        .filter(path -> !Files.isDirectory(path))
        .toList();
  }

  static Stream<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText);
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }
}
