package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.integration.kit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kustomize itself makes of the manifests; kubectl has it built in. */
final class KustomizeIT {
  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = {"base", "strimzi"})
  void every_object_that_is_built_is_what_its_model_says(String name) throws IOException {
    List<JsonNode> built = build(name);
    assertThat(built)
        .extracting(object -> object.path("kind").asText())
        .contains("StatefulSet", "Service", "ConfigMap", "NetworkPolicy", "PodDisruptionBudget");
    built.forEach(ManifestModels::check);
    JsonNode pod = object(built, "StatefulSet").at("/spec/template/spec");
    assertThat(pod.at("/containers/0/image").asText())
        .isEqualTo(pod.at("/initContainers/0/image").asText());
    assertThat(pod.at("/containers/0/image").asText()).contains("/wxphone:");
    // With the hash of its content.
    assertThat(Manifests.elements(pod.path("volumes")))
        .extracting(volume -> volume.at("/configMap/name").asText())
        .contains(Manifests.name(object(built, "ConfigMap")))
        .doesNotContain("wxphone");
  }

  @Test
  void the_overlay_has_settings_secrets_and_brokers_of_its_own() throws IOException {
    List<JsonNode> built = build("strimzi");
    assertThat(object(built, "ConfigMap").at("/data/wxphone.properties").asText())
        .isEqualTo(Files.readString(PropertiesFiles.STRIMZI.file()));
    JsonNode pod = object(built, "StatefulSet").at("/spec/template/spec");
    assertThat(Manifests.elements(pod.path("volumes")))
        .extracting(volume -> volume.path("name").asText())
        .containsExactlyInAnyOrder("config", "tmp", "cluster-ca", "kafka-user");
    assertThat(object(built, "NetworkPolicy").path("spec").path("egress"))
        .extracting(rule -> rule.at("/ports/0/port").asInt())
        .containsExactly(9093, 53);
    assertThat(built.stream().filter(o -> o.path("kind").asText().equals("KafkaUser"))).hasSize(4);
  }

  private static JsonNode object(List<JsonNode> built, String kind) {
    return built.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> build(String name) throws IOException {
    Path kubectl =
        Stream.concat(Stream.of(installed()), onPath())
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (kubectl == null) {
      System.out.println("KustomizeIT is skipped: there is no kubectl; see .ci/run");
    }
    assumeTrue(kubectl != null, "kubectl");
    String directory = Manifests.BASE.resolveSibling(name).toAbsolutePath().toString();
    List<String> command = List.of(String.valueOf(kubectl), "kustomize", directory);
    Map<String, String> environment = Map.of("HOME", home.toString());
    try (Program program = Program.command(home, environment, command)) {
      Program.Result ended = program.awaitExit();
      assertThat(ended.code()).as(program.toString()).isZero();
      // Warnings of what is deprecated.
      assertThat(ended.err()).isEmpty();
      return Manifests.all(String.join("\n", ended.out()));
    }
  }

  private static Path installed() {
    Path jar = Path.of(Objects.requireNonNull(System.getProperty("wxphone.jar")));
    return jar.resolveSibling("kubectl").resolve("kubectl");
  }

  private static Stream<Path> onPath() {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "kubectl"));
  }
}
