package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.books.Books;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.Script;
import dev.wxphone.integration.kit.SharedBroker;
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
 * Clients of their own, most in other languages, publish and read with the code that README.md
 * shows, and see what the contract says. They share no code with ours.
 */
@ExtendWith(SharedBroker.Extension.class)
final class InteropIT {
  private static final Path SCRIPTS = Path.of("src/test/interop").toAbsolutePath();
  private static final Path PROFILE = Path.of("topics/schemas/user-profile.json").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As many as the topics have by default. */
  private static final int PARTITIONS = 8;

  private static final int PEOPLE = 40;

  /** Longer than any test: who waits, waits for a key. */
  private static final String PATIENT = "-Dwxphone.session.wait=PT5M";

  private static final List<String> NODE = List.of("node", "play.mjs");
  private static final List<String> SHELL = List.of("sh", "play.sh");
  private static final String PYTHON = "/usr/bin/python3";

  private final Path directory = SharedBroker.temporaryDirectory();
  private final String test;

  InteropIT(TestInfo info) {
    test = info.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void removeDirectory() {
    SharedBroker.delete(directory);
  }

  @Test
  void every_reason_and_every_repair_as_kafkajs_sees_them(SharedBroker broker) {
    Path modules = kafkajs();
    try (Installation at = new Installation(broker)) {
      at.run();
      String prefix = at.applicationId() + ".";
      Program.Ended ended =
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
    try (Installation at = new Installation(broker, PARTITIONS)) {
      List<String> files = List.of("Publish.java", "Play.java", "Consume.java", "Check.java");
      files.forEach(file -> copy(broker, at, file));
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

      Program run = at.run(PATIENT);
      List<ConsumerRecord<byte[], byte[]>> profiles =
          allBecomeProfiles(at, run, with(java, "Play"));
      assertThat(run.metric("wxphone_rerouted_total")).isZero();
      Program.Ended ended = execute(directory, with(java, "Check", PEOPLE + ""));
      assertThat(ended.out())
          .containsExactlyInAnyOrderElementsOf(
              profiles.stream()
                  .map(
                      profile ->
                          new String(profile.key(), UTF_8)
                              + "\t"
                              + Installation.header(profile, "correlation-id"))
                  .toList());
    }
  }

  @Test
  void all_clicks_that_kafkajs_publishes_become_profiles(SharedBroker broker) throws IOException {
    Files.createSymbolicLink(directory.resolve("node_modules"), kafkajs().resolve("node_modules"));
    try (Installation at = new Installation(broker, PARTITIONS)) {
      copy(broker, at, "publish.mjs");
      copy(broker, at, "play.mjs");
      copy(broker, at, "wechat.mjs");
      Program run = at.run(PATIENT);
      allBecomeProfiles(at, run, NODE);
      assertThat(run.metric("wxphone_rerouted_total")).isZero();
    }
  }

  @Test
  void a_backend_learns_the_outcome_of_each_of_its_clicks(SharedBroker broker) throws IOException {
    Files.createSymbolicLink(directory.resolve("node_modules"), kafkajs().resolve("node_modules"));
    try (Installation at = new Installation(broker, PARTITIONS)) {
      for (String script : List.of("publish.mjs", "outcome.mjs", "wechat.mjs", "outcomes.mjs")) {
        copy(broker, at, script);
      }
      at.run(PATIENT);
      Program.Ended ended = execute(directory, List.of("node", "outcomes.mjs"));
      // Beside what kafkajs logs.
      assertThat(ended.out())
          .filteredOn(line -> !line.startsWith("{"))
          .containsExactly("done", "click-again", "done");
    }
  }

  @Test
  void all_clicks_that_kcat_publishes_into_other_partitions_become_profiles(SharedBroker broker) {
    requireCommands("kcat", "openssl");
    try (Installation at = new Installation(broker, PARTITIONS)) {
      copy(broker, at, "publish.sh", " -X topic.partitioner=murmur2_random", "");
      copy(broker, at, "play.sh");
      Program run = at.run(PATIENT);
      List<ConsumerRecord<byte[], byte[]>> profiles = allBecomeProfiles(at, run, SHELL);
      long payloads =
          profiles.stream()
              .filter(p -> Installation.header(p, HeaderNames.REROUTED_FROM) != null)
              .count();
      long all = (long) run.metric("wxphone_rerouted_total");
      System.out.printf(
          "InteropIT: kcat put %d of %d payloads into the wrong partition, and %d session keys%n",
          payloads, PEOPLE, all - payloads);
      assertThat(payloads).isGreaterThan(PEOPLE / 2);
      assertThat(all - payloads).isGreaterThan(PEOPLE / 2);
    }
  }

  @Test
  void a_click_published_by_hand_becomes_a_profile(SharedBroker broker) throws IOException {
    requireCommands("kcat", "openssl");
    try (Installation at = new Installation(broker, PARTITIONS)) {
      Path script = directory.resolve("all.sh");
      Files.writeString(script, adapted(broker, at, "publish.sh", "by-hand.sh"));
      Program run = at.run();
      execute(directory, List.of("sh", "-eu", script.toString()));
      JsonNode profile = JSON.readTree(at.awaitAnswers(1).get(0).value());
      assertThat(profile.path("e164").asText()).isEqualTo("+8613580006666");
      assertThat(run.metric("wxphone_rerouted_total")).isZero();
    }
  }

  @Test
  void all_clicks_that_python_publishes_become_profiles_that_it_reads(SharedBroker broker) {
    requireCommands("openssl");
    requirePython("kafka", "from kafka import KafkaConsumer");
    requirePython("jsonschema", "from jsonschema import Draft202012Validator");
    try (Installation at = new Installation(broker, PARTITIONS)) {
      for (String script : List.of("publish.py", "play.py", "consume.py", "check.py")) {
        copy(broker, at, script);
      }
      Program run = at.run(PATIENT);
      List<ConsumerRecord<byte[], byte[]>> profiles =
          allBecomeProfiles(at, run, List.of(PYTHON, "play.py"));
      assertThat(run.metric("wxphone_rerouted_total")).isZero();

      String forgotten = new String(profiles.get(0).key(), UTF_8);
      at.publish(
          at.topics().sessionKey(),
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
                    Installation.header(profile, "correlation-id")));
      }
      Program.Ended ended =
          execute(directory, List.of(PYTHON, "check.py", PEOPLE + "", PROFILE.toString()));
      ended.err().forEach(line -> System.out.println("InteropIT: " + line));
      assertThat(ended.out()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /** A client plays a script, and each of its clicks has its profile. */
  private List<ConsumerRecord<byte[], byte[]>> allBecomeProfiles(
      Installation at, Program run, List<String> player) {
    Script script = Script.of(PEOPLE);
    play(player, script.first(directory));
    run.awaitMetric("wxphone_waiting", script.waiting());
    play(player, script.late(directory));
    List<ConsumerRecord<byte[], byte[]>> answers = at.awaitAnswers(PEOPLE);
    assertThat(answers)
        .extracting(answer -> Installation.header(answer, "correlation-id"))
        .containsExactlyInAnyOrderElementsOf(script.people().keySet());
    for (ConsumerRecord<byte[], byte[]> answer : answers) {
      assertThat(answer.topic())
          .as(Installation.header(answer, HeaderNames.DETAIL))
          .isEqualTo(at.topics().userProfile());
      TestUser visitor =
          Objects.requireNonNull(
              script.people().get(Installation.header(answer, "correlation-id")));
      assertThat(new String(answer.key(), UTF_8)).isEqualTo(visitor.openid());
      assertThat(json(answer).path("phoneNumber").asText()).isEqualTo(visitor.number());
    }
    assertThat(at.booksOf(PEOPLE)).matches(Books::balance);
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

  /** A script as README.md shows it, with this broker and these topics. */
  private void copy(SharedBroker broker, Installation at, String name) {
    copy(broker, at, name, "", "");
  }

  private void copy(
      SharedBroker broker, Installation at, String name, String without, String instead) {
    try {
      String script = adapted(broker, at, name);
      assertThat(script).contains(without);
      Files.writeString(directory.resolve(name), script.replace(without, instead));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String adapted(SharedBroker broker, Installation at, String... names)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(Files.readString(SCRIPTS.resolve(name)));
    }
    return text.toString()
        .replace("localhost:9092", broker.bootstrapServers())
        .replace("phone-payload", at.topics().phonePayload())
        .replace("session-key", at.topics().sessionKey())
        .replace("user-profile", at.topics().userProfile())
        .replace("dead-letter", at.topics().deadLetter());
  }

  private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JSON.readTree(record.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program.Ended execute(Path directory, List<String> command) {
    try (Program program = Program.command(directory, Map.of(), command)) {
      Program.Ended ended = program.awaitEnd();
      assertThat(ended.code()).as("%s", program).isZero();
      return ended;
    }
  }

  // ---- what has to be installed; .ci/run does that

  private Path kafkajs() {
    String jar = Objects.requireNonNull(System.getProperty("wxphone.jar"));
    Path installed = Objects.requireNonNull(Path.of(jar).getParent()).resolve("interop");
    require(
        Files.isDirectory(installed.resolve("node_modules/kafkajs")),
        "kafkajs is not installed in " + installed);
    requireCommands("node");
    return installed;
  }

  private void requireCommands(String... names) {
    for (String name : names) {
      require(runs("sh", "-c", "command -v " + name), name + " is not installed here");
    }
  }

  private void requirePython(String module, String statement) {
    require(
        runs(PYTHON, "-c", statement),
        PYTHON + " can't do '" + statement + "' (Debian: python3-" + module + ")");
  }

  private boolean runs(String... command) {
    try (Program program = Program.command(directory, Map.of(), List.of(command))) {
      return program.awaitEnd().code() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      System.out.println("InteropIT." + test + " is skipped: " + otherwise + "; see .ci/run");
    }
    assumeTrue(condition, otherwise);
  }
}
