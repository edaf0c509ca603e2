package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that the manifests refer to is there: files, names, labels, ports, volumes and paths. */
class KustomizationTest {
  private static final String STATE_MOUNT = "/var/lib/wxphone";

  private final JsonNode set = Manifests.base("StatefulSet").path("spec");
  private final JsonNode pod = set.path("template").path("spec");
  private final JsonNode labels = set.path("template").path("metadata").path("labels");
  private final JsonNode container = pod.path("containers").path(0);

  /** A file that no kustomization names would be forgotten. */
  @ParameterizedTest
  @ValueSource(strings = {"base", "strimzi"})
  void every_file_is_listed_and_every_listed_file_is_there(String name) throws IOException {
    Path directory = Manifests.BASE.resolveSibling(name);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(Manifests.listed(directory))
          .containsExactlyInAnyOrderElementsOf(
              files.filter(file -> !file.endsWith(Manifests.KUSTOMIZATION)).toList());
    }
  }

  @Test
  void the_overlay_changes_what_the_base_has() {
    for (JsonNode patch :
        Manifests.read(Manifests.STRIMZI.resolve(Manifests.KUSTOMIZATION)).path("patches")) {
      JsonNode changed = Manifests.read(Manifests.STRIMZI.resolve(patch.path("path").asText()));
      JsonNode original = Manifests.base(changed.path("kind").asText());
      assertThat(Manifests.name(changed)).isEqualTo(Manifests.name(original));
      assertThat(changed.path("apiVersion")).isEqualTo(original.path("apiVersion"));
      for (JsonNode changedContainer :
          changed.path("spec").path("template").path("spec").path("containers")) {
        assertThat(changedContainer.path("name")).isEqualTo(container.path("name"));
      }
    }
  }

  @Test
  void every_selector_finds_the_pods() {
    List<JsonNode> selectors = new ArrayList<>();
    selectors.add(set.path("selector").path("matchLabels"));
    selectors.add(Manifests.base("Service").path("spec").path("selector"));
    selectors.add(
        Manifests.base("PodDisruptionBudget").path("spec").path("selector").path("matchLabels"));
    selectors.add(
        Manifests.base("NetworkPolicy").path("spec").path("podSelector").path("matchLabels"));
    pod.path("topologySpreadConstraints")
        .forEach(c -> selectors.add(c.path("labelSelector").path("matchLabels")));
    assertThat(selectors).hasSize(6).allSatisfy(found -> assertThat(found).isEqualTo(labels));
  }

  @Test
  void every_name_is_that_of_an_object() {
    assertThat(set.path("serviceName").asText())
        .isEqualTo(Manifests.name(Manifests.base("Service")));
    assertThat(pod.path("serviceAccountName").asText())
        .isEqualTo(Manifests.name(Manifests.base("ServiceAccount")));
    JsonNode kustomization = Manifests.read(Manifests.BASE.resolve(Manifests.KUSTOMIZATION));
    String map = kustomization.path("configMapGenerator").path(0).path("name").asText();
    assertThat(Manifests.elements(pod.path("volumes")).map(v -> v.path("configMap").path("name")))
        .filteredOn(name -> !name.isMissingNode())
        .extracting(JsonNode::asText)
        .containsExactly(map);
    String image = kustomization.path("images").path(0).path("name").asText();
    assertThat(containers())
        .extracting(each -> each.path("image").asText())
        .containsExactly(image, image);
    String user =
        Manifests.read(Manifests.STRIMZI.resolve("user-wxphone.yaml"))
            .at("/metadata/name")
            .asText();
    assertThat(volume(patchedPod(), "kafka-user").at("/secret/secretName").asText())
        .isEqualTo(user);
  }

  @Test
  void every_port_is_the_one_of_the_program() {
    JsonNode port = container.path("ports").path(0);
    String name = port.path("name").asText();
    assertThat(port.path("containerPort").asText()).isEqualTo(httpPort());
    assertThat(Manifests.base("Service").at("/spec/ports/0/targetPort").asText()).isEqualTo(name);
    assertThat(Manifests.base("NetworkPolicy").at("/spec/ingress/0/ports/0/port").asText())
        .isEqualTo(name);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo(name);
    }
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/ready");
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/live");
  }

  private static String httpPort() {
    return Setting.ALL.stream()
        .filter(setting -> setting.key().equals("wxphone.http.port"))
        .findFirst()
        .orElseThrow()
        .defaultText();
  }

  @Test
  void every_volume_is_mounted_and_every_mount_is_a_volume() {
    List<String> volumes = new ArrayList<>(names(pod.path("volumes")));
    set.path("volumeClaimTemplates").forEach(claim -> volumes.add(Manifests.name(claim)));
    assertThat(mounts(container)).containsExactlyInAnyOrderElementsOf(volumes);
    assertThat(mounts(pod.path("initContainers").path(0))).containsExactly("state");
    assertThat(mounts(patchedPod().path("containers").path(0)))
        .containsExactlyInAnyOrderElementsOf(names(patchedPod().path("volumes")));
  }

  /** What the group can write, as a volume of a fsGroup, is no place for a state directory. */
  @Test
  void the_state_is_in_a_directory_that_the_init_container_has_made_private() {
    assertThat(mountPath(container, "state")).isEqualTo(STATE_MOUNT);
    Path state = Path.of(PropertiesFiles.BASE.values().get("state.dir"));
    Path made = Path.of(STATE_MOUNT, "private");
    assertThat(state.getParent()).isEqualTo(made);
    assertThat(PropertiesFiles.STRIMZI.values().get("state.dir")).isEqualTo(state.toString());
    assertThat(pod.at("/initContainers/0/command/2").asText())
        .isEqualTo("install -d -m 0700 %1$s && chmod -R go= %1$s".formatted(made));
  }

  @Test
  void the_config_file_is_where_the_arguments_say() {
    List<String> arguments = Manifests.texts(container.path("args")).toList();
    assertThat(arguments).hasSize(4).startsWith("run", "--leave", "--config");
    Path config = Path.of(arguments.get(3));
    assertThat(config.getParent()).isEqualTo(Path.of(mountPath(container, "config")));
    assertThat(config.getFileName()).isEqualTo(PropertiesFiles.BASE.file().getFileName());
  }

  /** Kubernetes' pod security standard "restricted", and what else the pod does without. */
  @Test
  void the_pod_is_restricted() {
    JsonNode security = pod.path("securityContext");
    assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(security.path("runAsUser").asInt()).isEqualTo(DockerfileTest.USER);
    assertThat(security.path("runAsGroup").asInt()).isEqualTo(DockerfileTest.USER);
    assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
    assertThat(containers())
        .hasSize(2)
        .allSatisfy(
            each -> {
              JsonNode own = each.path("securityContext");
              assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
              assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(Manifests.texts(own.at("/capabilities/drop"))).containsExactly("ALL");
              assertThat(each.at("/resources/limits").size()).isEqualTo(2);
            });
  }

  private Stream<JsonNode> containers() {
    return Stream.concat(
        Manifests.elements(pod.path("initContainers")), Manifests.elements(pod.path("containers")));
  }

  private static JsonNode patchedPod() {
    return Manifests.read(Manifests.STRIMZI.resolve("statefulset.yaml")).at("/spec/template/spec");
  }

  private static JsonNode volume(JsonNode pod, String name) {
    return Manifests.elements(pod.path("volumes"))
        .filter(volume -> volume.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(JsonNode array) {
    return Manifests.elements(array).map(each -> each.path("name").asText()).toList();
  }

  private static List<String> mounts(JsonNode container) {
    return names(container.path("volumeMounts"));
  }

  private static String mountPath(JsonNode container, String volume) {
    return Manifests.elements(container.path("volumeMounts"))
        .filter(mount -> mount.path("name").asText().equals(volume))
        .findFirst()
        .orElseThrow()
        .path("mountPath")
        .asText();
  }
}
