package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.books.Books;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.integration.kit.ClickScript;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Clients that share no code with wxphone, most in other languages, publish and read with the code
 * that README.md shows, and see what the contract says.
 */
@ExtendWith(SharedBroker.Extension.class)
final class InteropIT {
  private static final Path SCRIPTS = Path.of("src/test/interop").toAbsolutePath();
  private static final Path PROFILE = Path.of("topics/schemas/user-profile.json").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The default of the topics. */
  private static final int PARTITIONS = 8;

  private static final int CLICKS = 40;

  /** Longer than any test, so that a click ends its waiting only with its key. */
  private static final String LONG_WAIT = "-Dwxphone.session.wait=PT5M";

  private static final List<String> NODE = List.of("node", "play.mjs");
  private static final List<String> SHELL = List.of("sh", "play.sh");
  static final String PYTHON = "/usr/bin/python3";

  private final Path directory = SharedBroker.temporaryDirectory();
  private final InteropTools tools;

  InteropIT(TestInfo info) {
    tools = new InteropTools(info.getTestMethod().orElseThrow().getName());
  }

  @AfterEach
  void removeDirectory() {
    SharedBroker.delete(directory);
  }

  @Test
  void every_reason_and_every_repair_as_kafkajs_sees_them(SharedBroker broker) {
    Path modules = tools.kafkajs();
    try (Installation installation = new Installation(broker)) {
      installation.run();
      String prefix = installation.applicationId() + ".";
      Program.Result ended =
          execute(
              modules,
              List.of(
                  "node",
                  SCRIPTS.resolve("reasons.mjs").toString(),
                  broker.bootstrapServers(),
                  prefix));
      assertThat(ended.out()).singleElement().asString().endsWith("the answer it should have");
    }
  }

  @Test
  void all_clicks_that_a_java_client_publishes_become_profiles_that_it_reads(SharedBroker broker) {
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      List<String> files = List.of("Publish.java", "Play.java", "Consume.java", "Check.java");
      files.forEach(file -> copy(broker, installation, file));
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      List<String> compile = new ArrayList<>(List.of("-cp", classPath, "-d", directory.toString()));
      files.forEach(file -> compile.add(directory.resolve(file).toString()));
      int compiled =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, compile.toArray(String[]::new));
      assertThat(compiled).isZero();
      List<String> java =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              directory + File.pathSeparator + classPath);

      Program run = installation.run(LONG_WAIT);
      List<ConsumerRecord<byte[], byte[]>> profiles =
          allBecomeProfiles(installation, run, with(java, "Play"));
      assertThat(run.metric("wxphone_rerouted_total")).isZero();
      Program.Result ended = execute(directory, with(java, "Check", CLICKS + ""));
      assertThat(ended.out())
          .containsExactlyInAnyOrderElementsOf(
              profiles.stream()
                  .map(
                      profile ->
                          new String(profile.key(), UTF_8)
                              + "\t"
                              + TestRecords.header(profile, "correlation-id"))
                  .toList());
    }
  }

  @Test
  void all_clicks_that_kafkajs_publishes_become_profiles(SharedBroker broker) throws IOException {
    Files.createSymbolicLink(
        directory.resolve("node_modules"), tools.kafkajs().resolve("node_modules"));
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      copy(broker, installation, "publish.mjs");
      copy(broker, installation, "play.mjs");
      copy(broker, installation, "wechat.mjs");
      Program run = installation.run(LONG_WAIT);
      allBecomeProfiles(installation, run, NODE);
      assertThat(run.metric("wxphone_rerouted_total")).isZero();
    }
  }

  @Test
  void a_backend_learns_the_outcome_of_each_of_its_clicks(SharedBroker broker) throws IOException {
    Files.createSymbolicLink(
        directory.resolve("node_modules"), tools.kafkajs().resolve("node_modules"));
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      for (String script : List.of("publish.mjs", "outcome.mjs", "wechat.mjs", "outcomes.mjs")) {
        copy(broker, installation, script);
      }
      installation.run(LONG_WAIT);
      Program.Result ended = execute(directory, List.of("node", "outcomes.mjs"));
      // kafkajs logs lines of JSON.
      assertThat(ended.out())
          .filteredOn(line -> !line.startsWith("{"))
          .containsExactly("done", "click-again", "done");
    }
  }

  @Test
  void all_clicks_that_kcat_publishes_into_other_partitions_become_profiles(SharedBroker broker) {
    tools.requireCommands("kcat", "openssl");
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      copy(broker, installation, "publish.sh", " -X topic.partitioner=murmur2_random", "");
      copy(broker, installation, "play.sh");
      Program run = installation.run(LONG_WAIT);
      List<ConsumerRecord<byte[], byte[]>> profiles = allBecomeProfiles(installation, run, SHELL);
      long payloads =
          profiles.stream()
              .filter(p -> TestRecords.header(p, HeaderNames.REROUTED_FROM) != null)
              .count();
      long all = (long) run.metric("wxphone_rerouted_total");
      System.out.printf(
          "InteropIT: kcat put %d of %d payloads into the wrong partition, and %d session keys%n",
          payloads, CLICKS, all - payloads);
      assertThat(payloads).isGreaterThan(CLICKS / 2);
      assertThat(all - payloads).isGreaterThan(CLICKS / 2);
    }
  }

  @Test
  void a_click_published_by_hand_becomes_a_profile(SharedBroker broker) throws IOException {
    tools.requireCommands("kcat", "openssl");
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      Path script = directory.resolve("all.sh");
      Files.writeString(script, adapted(broker, installation, "publish.sh", "by-hand.sh"));
      Program run = installation.run();
      execute(directory, List.of("sh", "-eu", script.toString()));
      JsonNode profile = JSON.readTree(installation.awaitAnswers(1).get(0).value());
      assertThat(profile.path("e164").asText()).isEqualTo("+8613580006666");
      assertThat(run.metric("wxphone_rerouted_total")).isZero();
    }
  }

  @Test
  void all_clicks_that_python_publishes_become_profiles_that_it_reads(SharedBroker broker) {
    tools.requireCommands("openssl");
    tools.requirePython("kafka", "from kafka import KafkaConsumer");
    tools.requirePython("jsonschema", "from jsonschema import Draft202012Validator");
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      for (String script : List.of("publish.py", "play.py", "consume.py", "check.py")) {
        copy(broker, installation, script);
      }
      Program run = installation.run(LONG_WAIT);
      List<ConsumerRecord<byte[], byte[]>> profiles =
          allBecomeProfiles(installation, run, List.of(PYTHON, "play.py"));
      assertThat(run.metric("wxphone_rerouted_total")).isZero();

      String forgotten = new String(profiles.get(0).key(), UTF_8);
      installation.publish(
          installation.topics().sessionKey(),
          null,
          forgotten.getBytes(UTF_8),
          null,
          new RecordHeader(HeaderNames.FORGET, new byte[0]));
      List<String> expected = new ArrayList<>();
      expected.add(forgotten + "\tforgotten");
      for (ConsumerRecord<byte[], byte[]> profile : profiles) {
        expected.add(
            "%s\t%s\t%s"
                .formatted(
                    new String(profile.key(), UTF_8),
                    json(profile).path("e164").asText(),
                    TestRecords.header(profile, "correlation-id")));
      }
      Program.Result ended =
          execute(directory, List.of(PYTHON, "check.py", CLICKS + "", PROFILE.toString()));
      ended.err().forEach(line -> System.out.println("InteropIT: " + line));
      assertThat(ended.out()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /** Lets a client play a script, and requires a profile for each of its clicks. */
  private List<ConsumerRecord<byte[], byte[]>> allBecomeProfiles(
      Installation installation, Program run, List<String> player) {
    ClickScript script = ClickScript.of(CLICKS);
    play(player, script.writeFirst(directory));
    run.awaitMetric("wxphone_waiting_payloads", script.lateLogins());
    play(player, script.writeLateLogins(directory));
    List<ConsumerRecord<byte[], byte[]>> answers = installation.awaitAnswers(CLICKS);
    assertThat(answers)
        .extracting(answer -> TestRecords.header(answer, "correlation-id"))
        .containsExactlyInAnyOrderElementsOf(script.users().keySet());
    for (ConsumerRecord<byte[], byte[]> answer : answers) {
      assertThat(answer.topic())
          .as(TestRecords.header(answer, HeaderNames.DETAIL))
          .isEqualTo(installation.topics().userProfile());
      TestUser user =
          Objects.requireNonNull(script.users().get(TestRecords.header(answer, "correlation-id")));
      assertThat(new String(answer.key(), UTF_8)).isEqualTo(user.openid());
      assertThat(json(answer).path("phoneNumber").asText()).isEqualTo(user.number());
    }
    assertThat(installation.booksOf(CLICKS)).matches(Books::balance);
    return answers;
  }

  private void play(List<String> player, Path script) {
    execute(directory, with(player, script.toString()));
  }

  private static List<String> with(List<String> command, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    return all;
  }

  /** Copies a script of README.md with the address and the topics replaced. */
  private void copy(SharedBroker broker, Installation installation, String name) {
    copy(broker, installation, name, "", "");
  }

  private void copy(
      SharedBroker broker, Installation installation, String name, String without, String instead) {
    try {
      String script = adapted(broker, installation, name);
      assertThat(script).contains(without);
      Files.writeString(directory.resolve(name), script.replace(without, instead));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String adapted(SharedBroker broker, Installation installation, String... names)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(Files.readString(SCRIPTS.resolve(name)));
    }
    return text.toString()
        .replace("localhost:9092", broker.bootstrapServers())
        .replace("phone-payload", installation.topics().phonePayload())
        .replace("session-key", installation.topics().sessionKey())
        .replace("user-profile", installation.topics().userProfile())
        .replace("dead-letter", installation.topics().deadLetter());
  }

  private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JSON.readTree(record.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program.Result execute(Path directory, List<String> command) {
    try (Program program = Program.command(directory, Map.of(), command)) {
      Program.Result ended = program.awaitExit();
      assertThat(ended.code()).as("%s", program).isZero();
      return ended;
    }
  }
}
