package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.wxphone.integration.kit.ImageFile;
import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Runs docker-compose.yml without Docker: each container is a process, with nothing replaced but
 * paths, host names and ports. Docker's own part (pulling images, names, volumes, the order of
 * starts) is not tested.
 */
final class ComposeIT {
  /** The default of the image. */
  private static final String CLUSTER_ID = "5L6g3nShT-eMCtK--X86sw";

  private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

  private final JsonNode services;
  private final JsonNode volumes;
  private final Path directory = SharedBroker.temporaryDirectory();
  private final List<Program> programs = new ArrayList<>();

  /** Texts of the file with their replacements, the longer texts first. */
  private final Map<String, String> replaced = new LinkedHashMap<>();

  ComposeIT() throws IOException {
    JsonNode file =
        new ObjectMapper(new YAMLFactory()).readTree(Path.of("docker-compose.yml").toFile());
    services = file.path("services");
    volumes = file.path("volumes");
  }

  @AfterEach
  void leaveNothing() {
    programs.forEach(Program::close);
    SharedBroker.delete(directory);
  }

  @Test
  void it_names_the_versions_that_the_program_is_built_with() {
    assertThat(service("kafka").path("image").asText())
        .isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
    for (String ours : List.of("topics", "wxphone")) {
      assertThat(Path.of(service(ours).at("/build/dockerfile").asText())).isEqualTo(ImageFile.PATH);
      assertThat(service(ours).path("read_only").asBoolean()).isTrue();
    }
  }

  @Test
  void all_that_it_refers_to_is_there() {
    Set<String> named = new HashSet<>();
    for (JsonNode service : services) {
      for (Map.Entry<String, JsonNode> other : service.path("depends_on").properties()) {
        assertThat(services.has(other.getKey())).as(other.getKey()).isTrue();
        if (other.getValue().path("condition").asText().equals("service_healthy")) {
          assertThat(service(other.getKey()).has("healthcheck")).as(other.getKey()).isTrue();
        }
      }
      for (JsonNode mounted : service.path("volumes")) {
        String source = mounted.asText().split(":", -1)[0];
        if (!source.startsWith(".")) {
          named.add(source);
        } else if (!source.startsWith("./target/")) {
          assertThat(Path.of(source)).exists();
        }
      }
    }
    assertThat(volumes.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrderElementsOf(named);
    // The build puts it there, under this name.
    assertThat(System.getProperty("wxphone.jar")).endsWith("/target/wxphone.jar");
    assertThat(service("wxphone").path("ports"))
        .singleElement()
        .isEqualTo(text("127.0.0.1:8080:8080"));
    assertThat(Setting.ALL)
        .anyMatch(s -> s.key().equals("wxphone.http.port") && s.defaultText().equals("8080"));
  }

  @Test
  void only_this_machine_reaches_a_port() {
    for (JsonNode service : services) {
      assertThat(service.path("ports"))
          .allSatisfy(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
    }
  }

  /** Grafana's and Prometheus' files name each other as the services are named. */
  @Test
  void monitoring_is_there_if_it_is_asked_for() throws IOException {
    for (String monitoring : List.of("prometheus", "grafana")) {
      assertThat(service(monitoring).path("profiles"))
          .singleElement()
          .isEqualTo(text("monitoring"));
      assertThat(service(monitoring).path("image").asText()).matches("[^:]+:v?[0-9.]+");
    }
    Path files = Path.of("src", "main", "monitoring");
    assertThat(Files.readString(files.resolve("prometheus.yml"))).contains("\"wxphone:8080\"");
    assertThat(Files.readString(files.resolve("grafana/datasources.yml")))
        .contains("url: http://prometheus:9090\n");
  }

  @Test
  void what_ours_are_given_is_what_they_understand() {
    for (String ours : List.of("topics", "wxphone")) {
      List<String> warnings = new ArrayList<>();
      Settings settings = Settings.load(null, environment(ours), Map.of(), warnings::add);
      assertThat(warnings).isEmpty();
      assertThat(settings.bootstrapServers()).contains("kafka:19092");
    }
  }

  @Test
  void a_click_that_is_published_from_outside_becomes_a_profile() throws Exception {
    int forHost = LocalPorts.free();
    int forContainers = LocalPorts.free();
    replaced.put("/var/lib/kafka/data", directory.resolve("kafka-data").toString());
    replaced.put(
        "/opt/wxphone/wxphone.jar", Objects.requireNonNull(System.getProperty("wxphone.jar")));
    // The containers listen on every address of their network; here only on loopback.
    replaced.put("://:", "://127.0.0.1:");
    replaced.put("kafka:", "127.0.0.1:");
    replaced.put("localhost:9092", "127.0.0.1:9092");
    replaced.put(":19092", ":" + forContainers);
    replaced.put(":9092", ":" + forHost);
    replaced.put(":9093", ":" + LocalPorts.free());

    startKafka("127.0.0.1:" + forHost);
    for (int i = 0; i < 2; i++) {
      // Each `docker compose up` runs it again.
      Program topics = ours("topics", Map.of());
      assertThat(topics.awaitExit().code()).as(topics.toString()).isZero();
    }
    Program wxphone = ours("wxphone", Map.of("WXPHONE_HTTP_PORT", "0"));
    wxphone.awaitReady();
    TestUser user = new TestUser();
    assertThat(answer("127.0.0.1:" + forHost, user).value()).contains(user.number());
    Program.Result ended = wxphone.terminate(STOPS_WITHIN);
    assertThat(ended.code()).as(wxphone.toString()).isZero();
    // The identity and the state of a process that starts again.
    assertThat(directory.resolve("wxphone")).isNotEmptyDirectory();
  }

  /**
   * Starts Kafka as the image does: its wrapper class makes server.properties of the environment
   * and formats the storage, and then Kafka's main class runs.
   */
  private void startKafka(String bootstrapServers) throws Exception {
    Path defaults = Files.createDirectory(directory.resolve("defaults"));
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    Path config = Files.createDirectory(directory.resolve("config"));
    // Must not be used: the environment sets everything.
    Files.writeString(defaults.resolve("server.properties"), "these=are the defaults\n");
    Map<String, String> environment = environment("kafka");
    environment.put("CLUSTER_ID", CLUSTER_ID);
    Program setup =
        kept(
            Program.checkout(
                directory,
                environment,
                "kafka.docker.KafkaDockerWrapper",
                List.of("setup", "-D", defaults + "", "-M", mounted + "", "-F", config + "")));
    assertThat(setup.awaitExit().code()).as(setup.toString()).isZero();
    Path properties = config.resolve("server.properties");
    assertThat(Files.readString(properties)).doesNotContain("these=").contains("node.id=1");
    kept(Program.checkout(directory, Map.of(), "kafka.Kafka", List.of(properties.toString())));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      assertThat(admin.describeCluster().clusterId().get()).isEqualTo(CLUSTER_ID);
    }
  }

  /** Starts a service with the image's entry point, the command of the file and this JVM's java. */
  private Program ours(String service, Map<String, String> more) {
    List<String> command = new ArrayList<>();
    ImageFile.exec("ENTRYPOINT").forEach(word -> command.add(replace(word)));
    service(service).path("command").forEach(word -> command.add(word.asText()));
    assertThat(command.get(0)).isEqualTo("java");
    command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(1, "-Djava.io.tmpdir=" + directory);
    Map<String, String> environment = environment(service);
    // In the image it is the directory above the volume.
    environment.put("XDG_STATE_HOME", directory.toString());
    environment.putAll(more);
    return kept(Program.command(directory, environment, command));
  }

  private static ConsumerRecord<String, String> answer(String servers, TestUser user)
      throws Exception {
    try (KafkaProducer<String, String> backend =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
      backend.send(new ProducerRecord<>("session-key", user.openid(), user.login())).get();
      String click = new String(user.click().value(), UTF_8);
      backend.send(new ProducerRecord<>("phone-payload", user.openid(), click)).get();
    }
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", servers,
            "group.id", "crm",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    List<ConsumerRecord<String, String>> profiles = new ArrayList<>();
    try (KafkaConsumer<String, String> reader =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      reader.subscribe(List.of("user-profile"));
      Program.await(
          "there is a profile",
          () -> {
            reader.poll(Duration.ofMillis(100)).forEach(profiles::add);
            return !profiles.isEmpty();
          });
    }
    return profiles.get(0);
  }

  private Program kept(Program program) {
    // The last one first, so that Kafka's clients end before Kafka.
    programs.add(0, program);
    return program;
  }

  private JsonNode service(String name) {
    assertThat(services.has(name)).as(name).isTrue();
    return services.path(name);
  }

  private Map<String, String> environment(String service) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : service(service).path("environment").properties()) {
      // Otherwise YAML would have read another type.
      assertThat(entry.getValue().isTextual()).as(entry.getKey()).isTrue();
      environment.put(entry.getKey(), replace(entry.getValue().asText()));
    }
    return environment;
  }

  private String replace(String text) {
    String result = text;
    for (Map.Entry<String, String> entry : replaced.entrySet()) {
      result = result.replace(entry.getKey(), entry.getValue());
    }
    return result;
  }

  private static JsonNode text(String value) {
    return new ObjectMapper().getNodeFactory().textNode(value);
  }
}
