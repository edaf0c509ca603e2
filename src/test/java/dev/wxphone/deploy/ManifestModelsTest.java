package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each object below src/main/kubernetes and in topics is what its model says. */
class ManifestModelsTest {
  static Stream<Path> files() {
    return Stream.of(Manifests.BASE, Manifests.STRIMZI, Path.of("topics"))
        .flatMap(ManifestModelsTest::yaml)
        .filter(file -> !file.endsWith(Manifests.KUSTOMIZATION));
  }

  private static Stream<Path> yaml(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void every_object_is_what_its_model_says(Path file) {
    ManifestModels.check(Manifests.read(file));
  }

  @ParameterizedTest
  @CsvSource({
    "/spec/template/spec/containers/0, readynessProbe",
    "/spec/template/spec, enableServiceLink",
    "/spec, podManagmentPolicy"
  })
  void a_misspelt_field_is_found(String parent, String field) {
    JsonNode object = Manifests.base("StatefulSet").deepCopy();
    ((ObjectNode) object.at(parent)).put(field, "x");
    assertThatThrownBy(() -> ManifestModels.check(object)).hasMessageContaining(field);
  }

  @Test
  void an_operation_that_does_not_exist_is_found() {
    JsonNode user = Manifests.read(Manifests.STRIMZI.resolve("user-backend.yaml"));
    ((com.fasterxml.jackson.databind.node.ArrayNode)
            user.at("/spec/authorization/acls/0/operations"))
        .add("Publish");
    assertThatThrownBy(() -> ManifestModels.check(user)).hasMessageContaining("Publish");
  }
}
