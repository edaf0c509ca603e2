package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.integration.kit.ImageFile;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs what a pod of the StatefulSet runs, with the image's entry point, as its user, on a
 * read-only root and on a volume as the kubelet leaves it. There is no engine and no cluster; what
 * separates the container is made by pod.sh, which takes root and Linux.
 */
@ExtendWith(SharedBroker.Extension.class)
final class PodIT {
  private static final Duration GRACE =
      Duration.ofSeconds(pod().path("terminationGracePeriodSeconds").asInt());

  private final Installation installation;
  private final Path directory = SharedBroker.temporaryDirectory();
  private final Path volume = directory.resolve("volume");
  private final Path config = directory.resolve("config");
  private final List<Program> programs = new ArrayList<>();

  PodIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  private static JsonNode pod() {
    return Manifests.base("StatefulSet").at("/spec/template/spec");
  }

  @BeforeEach
  void mountVolumes() throws IOException {
    assumeTrue(
        shell("test $(id -u) = 0 && unshare --mount true && setpriv --version").code() == 0,
        "PodIT is skipped: it takes root, unshare and setpriv");
    Files.createDirectory(volume);
    Files.createDirectory(config);
    Files.copy(PropertiesFiles.BASE.file(), config.resolve("wxphone.properties"));
    // For a new volume.
    shell("chown -R 0:%1$d %2$s && chmod -R g+rwX %2$s && chmod g+s %2$s && chmod 755 %3$s");
  }

  @AfterEach
  void close() {
    programs.forEach(Program::close);
    installation.close();
    SharedBroker.delete(directory);
  }

  @Test
  void a_pod_answers_ends_on_sigterm_and_goes_on() {
    assertThat(initContainer().code()).isZero();
    Program run = container().awaitReady();
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    assertProfile(installation.click(user.openid(), user.click().json()));
    // The codec's library comes from /tmp.
    assertProfile(compressedClick(user));
    assertThat(healthCheck(run)).isZero();
    assertThat(run.terminate(GRACE).code()).isZero();

    // As if the fsGroup was given to all of the volume once more.
    shell("chown -R :%1$d %2$s && chmod -R g+rwX %2$s && find %2$s -type d -exec chmod g+s {} +");
    Program refused = container();
    assertThat(refused.awaitExit().err())
        .singleElement()
        .asString()
        .startsWith("wxphone: the state directory is not safe: /var/lib/wxphone/private");
    assertThat(initContainer().code()).isZero();
    run = container().awaitReady();
    assertProfile(installation.click(user.openid(), user.click().json()));
    assertThat(run.terminate(GRACE).code()).isZero();
  }

  @Test
  void a_health_check_of_nothing_fails() {
    assertThat(healthCheck(0)).isNotZero();
  }

  private void assertProfile(RecordMetadata click) {
    assertThat(installation.answerTo(click).topic()).isEqualTo(installation.topics().userProfile());
  }

  private RecordMetadata compressedClick(TestUser user) {
    Map<String, Object> properties = new HashMap<>(installation.kafka().ofClient());
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    try (KafkaProducer<String, String> backend =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      return backend
          .send(
              new ProducerRecord<>(
                  installation.topics().phonePayload(), user.openid(), user.click().json()))
          .get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Program.Result initContainer() {
    List<String> command = Manifests.texts(pod().at("/initContainers/0/command")).toList();
    return inPod(command).awaitExit();
  }

  /** Starts the container, told where this test's broker and topics are. */
  private Program container() {
    List<String> command = new ArrayList<>(ImageFile.exec("ENTRYPOINT"));
    Manifests.texts(pod().at("/containers/0/args")).forEach(command::add);
    installation.arguments("run").stream()
        .skip(1)
        .filter(argument -> !argument.startsWith("-Dstate.dir="))
        .forEach(command::add);
    return inPod(command);
  }

  private Program inPod(List<String> command) {
    try {
      Path root = Files.createTempDirectory(directory, "root");
      List<String> all = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
      all.addAll(List.of("sh", "-e", script().toString()));
      all.addAll(List.of(root.toString(), volume.toString(), config.toString()));
      all.add(Objects.requireNonNull(System.getProperty("wxphone.jar")));
      all.add(System.getProperty("wxphone.pod.java", System.getProperty("java.home")));
      all.add(Integer.toString(DockerfileTest.USER));
      all.addAll(command);
      Program program = Program.command(directory, Map.of(), all);
      programs.add(program);
      return program;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path script() {
    return Path.of("src/test/resources/dev/wxphone/deploy/pod.sh").toAbsolutePath();
  }

  private int healthCheck(Program run) {
    return healthCheck(run.get("/live").uri().getPort());
  }

  private int healthCheck(int port) {
    List<String> command = ImageFile.exec("HEALTHCHECK");
    Map<String, String> environment = Map.of("WXPHONE_HTTP_PORT", Integer.toString(port));
    try (Program check = Program.command(directory, environment, command)) {
      return check.awaitExit().code();
    }
  }

  /** Runs a line with the pod's user, the volume and the directory of this test. */
  private Program.Result shell(String line) {
    String filled = line.formatted(DockerfileTest.USER, volume, directory);
    try (Program program = Program.command(directory, Map.of(), List.of("sh", "-ec", filled))) {
      return program.awaitExit();
    }
  }
}
