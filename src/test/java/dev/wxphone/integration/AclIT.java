package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.internals.SecurityUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;

/** {@code run} and {@code doctor} on a cluster with ACLs, each missing one named by both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(CONCURRENT)
final class AclIT {
  private static final Pattern COMMAND = Pattern.compile("kafka-acls\\.sh .*?(?= && kafka-acls|$)");
  private static final Pattern OPERATION = Pattern.compile("--operation (\\w+)");
  private static final Pattern RESOURCE =
      Pattern.compile(
          "--(topic|group|transactional-id) (\\S+)( --resource-pattern-type prefixed)?");

  private final Path directory = SharedBroker.temporaryDirectory();
  private final List<Program> programs = new ArrayList<>();
  private final String bootstrapServers = "127.0.0.1:" + LocalPorts.free();

  @BeforeAll
  void startBroker() throws Exception {
    String controller = "127.0.0.1:" + LocalPorts.free();
    Path properties = directory.resolve("server.properties");
    Files.writeString(
        properties,
        String.join(
            "\n",
            "process.roles=broker,controller",
            "node.id=1",
            "log.dirs=" + directory.resolve("data"),
            "listeners=CLIENTS://" + bootstrapServers + ",CONTROLLER://" + controller,
            "advertised.listeners=CLIENTS://" + bootstrapServers,
            "listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=CLIENTS",
            "controller.listener.names=CONTROLLER",
            "controller.quorum.voters=1@" + controller,
            "sasl.enabled.mechanisms=PLAIN",
            "sasl.mechanism.inter.broker.protocol=PLAIN",
            "listener.name.clients.plain.sasl.jaas.config="
                + login("admin")
                    .replace(
                        ";", " user_admin=\"admin-s\" user_run=\"run-s\" user_look=\"look-s\";"),
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:admin;User:ANONYMOUS",
            "auto.create.topics.enable=false",
            "offsets.topic.num.partitions=2",
            "offsets.topic.replication.factor=1",
            "transaction.state.log.num.partitions=2",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "group.initial.rebalance.delay.ms=0",
            "log.cleaner.dedupe.buffer.size=2097152",
            ""));
    List<String> format =
        List.of("format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", properties.toString());
    try (Program tool = Program.checkout(directory, Map.of(), "kafka.tools.StorageTool", format)) {
      assertThat(tool.awaitExit().code()).as(tool.toString()).isZero();
    }
    programs.add(
        Program.checkout(directory, Map.of(), "kafka.Kafka", List.of(properties.toString())));
    for (String user : List.of("admin", "run", "look")) {
      Files.writeString(config(user), "");
      StringBuilder text = new StringBuilder();
      client(user).forEach((key, value) -> text.append(key + "=" + value + "\n"));
      Files.writeString(config(user), text);
    }
    Program.await(
        "the topics are made",
        () -> execute("admin", "topics", "apply", "--partitions", "2").code() == 0);
  }

  @AfterAll
  void stop() {
    programs.forEach(Program::close);
    SharedBroker.delete(directory);
  }

  private static String login(String user) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s-s\";"
        .formatted(user, user);
  }

  private Map<String, Object> client(String user) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers,
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        login(user));
  }

  private Path config(String user) {
    return directory.resolve(user + ".properties");
  }

  private Program.Result execute(String user, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--config", config(user).toString()));
    return InProcess.execute(arguments);
  }

  private Program startRun(String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--config", config("run").toString()));
    arguments.add("-Dstate.dir=" + directory.resolve("state"));
    arguments.add("-Dwxphone.http.port=0");
    arguments.add("-Dwxphone.session.wait=PT0S");
    arguments.addAll(List.of(more));
    Program program = Program.jar(directory, Map.of(), arguments);
    programs.add(program);
    return program;
  }

  /** Returns the line by which a run refuses to start. */
  private String refusal(String... more) {
    Program.Result ended = startRun(more).awaitExit();
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).as(String.join("\n", ended.err())).hasSize(1);
    return ended.err().get(0);
  }

  @Test
  void run_names_what_is_missing_and_starts_once_that_is_given() throws Exception {
    String line = refusal();
    assertThat(line)
        .startsWith("wxphone: the principal lacks ")
        .contains(
            "Write on the topic session-key",
            "Write on the topic phone-payload",
            "Create on topics with the prefix wxphone-",
            "Read on the group wxphone",
            "Write on transactional ids with the prefix wxphone-")
        .doesNotContain("Read on the topic user-profile");
    assertThat(refusal("-Dwxphone.reroute=false"))
        .contains("Write on the topic session-key")
        .doesNotContain("Write on the topic phone-payload");

    List<AclBinding> given = bindings(line);
    try (Admin admin = Admin.create(client("admin"))) {
      admin.createAcls(given).all().get();
      // What only the start of a group without offsets needs, once there are answers.
      Program run = startRun().awaitReady();
      publish("oAnyone", "{\"errMsg\":\"getPhoneNumber:fail user deny\"}");
      run.awaitMetric("wxphone_dead_letters_total{reason=\"USER_DENIED\"}", 1);
      run.terminate(Duration.ofSeconds(30));

      for (AclBinding one : given) {
        if (isNeededAlways(one)) {
          admin.deleteAcls(List.of(one.toFilter())).all().get();
          String named = refusal();
          assertThat(bindings(named)).contains(one);
          admin.createAcls(List.of(one)).all().get();
        }
      }
      requireDoctor(admin, given);
    }
  }

  /** Some of each kind, as each takes a start; those of the group and ids imply Describe. */
  private static boolean isNeededAlways(AclBinding acl) {
    return List.of(
            "session-key Write", "dead-letter DescribeConfigs", "wxphone Read", "wxphone- Write")
        .contains(
            acl.pattern().name() + " " + SecurityUtils.operationName(acl.entry().operation()));
  }

  private void requireDoctor(Admin admin, List<AclBinding> given) throws Exception {
    List<String> all = execute("look", "doctor").out();
    assertThat(all)
        .anyMatch(
            line ->
                line.startsWith(
                    "?      rights          to see all, this principal lacks Read on the topic phone-payload"));
    AclBinding write =
        given.stream()
            .filter(acl -> acl.pattern().name().equals("session-key"))
            .filter(acl -> acl.entry().operation() == AclOperation.WRITE)
            .findFirst()
            .orElseThrow();
    admin.deleteAcls(List.of(write.toFilter())).all().get();
    assertThat(execute("run", "doctor").out())
        .containsSequence(
            "WRONG  rights          the principal of wxphone run lacks Write on the topic session-key",
            "       → kafka-acls.sh --bootstrap-server %s --add --allow-principal User:… --operation Write --topic session-key"
                .formatted(bootstrapServers));
    admin.createAcls(List.of(write)).all().get();
    assertThat(execute("admin", "doctor").out())
        .contains("ok     rights          no ACL is known to be missing");
  }

  private void publish(String openid, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            client("admin"), new ByteArraySerializer(), new ByteArraySerializer())) {
      TestUser user = new TestUser();
      producer
          .send(
              new ProducerRecord<>(
                  "session-key", user.openid().getBytes(UTF_8), user.login().getBytes(UTF_8)))
          .get();
      producer
          .send(
              new ProducerRecord<>("phone-payload", openid.getBytes(UTF_8), value.getBytes(UTF_8)))
          .get();
    }
  }

  /** Returns what the commands in a line would add for the principal of run. */
  private static List<AclBinding> bindings(String line) {
    List<AclBinding> bindings = new ArrayList<>();
    Matcher commands = COMMAND.matcher(line);
    while (commands.find()) {
      Matcher resources = RESOURCE.matcher(commands.group());
      while (resources.find()) {
        ResourcePattern pattern =
            new ResourcePattern(
                SecurityUtils.resourceType(
                    resources.group(1).equals("transactional-id")
                        ? "TransactionalId"
                        : resources.group(1).equals("group") ? "Group" : "Topic"),
                resources.group(2),
                resources.group(3) == null ? PatternType.LITERAL : PatternType.PREFIXED);
        assertThat(pattern.resourceType()).isNotEqualTo(ResourceType.UNKNOWN);
        OPERATION
            .matcher(commands.group())
            .results()
            .forEach(
                operation ->
                    bindings.add(
                        new AclBinding(
                            pattern,
                            new AccessControlEntry(
                                "User:run",
                                "*",
                                SecurityUtils.operation(operation.group(1)),
                                AclPermissionType.ALLOW))));
      }
    }
    assertThat(bindings).as(line).isNotEmpty();
    return bindings;
  }
}
