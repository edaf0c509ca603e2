package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.books.Books;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.topics.Changelogs;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/**
 * What {@code run} checks before it reads anything: what is wrong is one line, and an exit code.
 */
@ExtendWith(SharedBroker.Extension.class)
final class StartIT {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final Installation installation;

  StartIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void end() {
    installation.close();
  }

  @Test
  @Execution(CONCURRENT)
  void a_broker_that_can_not_be_reached() {
    String address = "127.0.0.1:" + LocalPorts.free();
    requireRefusal(
        1,
        "no Kafka broker answers at " + address + " within 15 s: check --bootstrap-servers,",
        "--bootstrap-servers",
        address);
  }

  @Test
  @Execution(CONCURRENT)
  void a_topic_that_is_missing() {
    requireRefusal(
        1,
        "the topic i-am-not-there does not exist; make it with: wxphone topics apply",
        "-Dwxphone.topic.dead-letter=i-am-not-there");
  }

  @Test
  @Execution(CONCURRENT)
  void inputs_of_unequal_partition_counts() throws Exception {
    installation.changeTopics(topics -> topics.grow(4, installation.topics().sessionKey()));
    requireRefusal(
        1,
        "%s has 3 partitions and %s has 4, so payloads would miss their session keys;"
            .formatted(installation.topics().phonePayload(), installation.topics().sessionKey()));
  }

  @Test
  @Execution(CONCURRENT)
  void inputs_with_another_number_of_partitions_than_the_state_until_one_moves() throws Exception {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata old = installation.click(user.openid(), user.click().json());
    Program run = installation.run("--leave");
    installation.answerTo(old);
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();

    raise(installation.topics().sessionKey());
    requireRefusal(
        1,
        "%s has 3 partitions and %s has 4, so payloads would miss their session keys; %s"
            .formatted(
                installation.topics().phonePayload(),
                installation.topics().sessionKey(),
                Changelogs.MOVE));
    raise(installation.topics().phonePayload());
    requireRefusal(
        1,
        "%s and %s have 4 partitions, but the state in %s-users-changelog has 3, and they are fixed; %s"
            .formatted(
                installation.topics().phonePayload(),
                installation.topics().sessionKey(),
                installation.applicationId(),
                Changelogs.MOVE),
        "--start",
        "latest");

    String payloads = installation.topics().phonePayload() + "-2";
    String keys = installation.topics().sessionKey() + "-2";
    String[] moved = {
      "-Dapplication.id=" + installation.applicationId() + "-2",
      "-Dwxphone.topic.phone-payload=" + payloads,
      "-Dwxphone.topic.session-key=" + keys
    };
    Program.Result apply =
        InProcess.execute(
            installation.arguments("topics", "apply", "--partitions", "12", moved[1], moved[2]));
    assertThat(apply.out())
        .as("the outputs stay as they are")
        .hasSize(2)
        .allMatch(line -> line.matches("create +\\S+-2 +12 partitions, .*"));
    installation.publish(keys, null, user.openid(), user.login());
    RecordMetadata recent =
        installation.publish(payloads, null, user.openid(), user.click().json());
    requireRefusal(
        1, "group %s-2 has no offsets, though".formatted(installation.applicationId()), moved);
    installation.run(moved[0], moved[1], moved[2], "--start", "earliest");
    assertThat(installation.answerTo(recent).topic())
        .isEqualTo(installation.topics().userProfile());
    assertThat(installation.answersTo(old)).hasSize(1);
  }

  private void raise(String topic) throws Exception {
    installation.changeTopics(topics -> topics.grow(4, topic));
  }

  @Test
  @Execution(CONCURRENT)
  void a_dead_letter_topic_without_room_for_dead_letters() throws Exception {
    installation.changeTopics(
        topics -> topics.set(installation.topics().deadLetter(), "max.message.bytes", "1048588"));
    requireRefusal(
        1,
        "max.message.bytes of %s is 1048588 and has to be at least 2097152; set it with: wxphone"
                .formatted(installation.topics().deadLetter())
            + " topics apply");
  }

  @Test
  @Execution(CONCURRENT)
  void users_that_would_be_dropped_before_their_letters_are() throws Exception {
    String letters = installation.topics().deadLetter();
    requireRefusal(
        1,
        "wxphone.users.idle is PT768H and has to be at least the retention of %s and"
                .formatted(letters)
            + " wxphone.watermark.max-age together, PT792H",
        "-Dwxphone.users.idle=P32D");
    installation.changeTopics(topics -> topics.set(letters, "retention.ms", "-1"));
    requireRefusal(
        1,
        "%s keeps its records for ever, so wxphone.users.idle can't be long enough; set retention.ms"
                .formatted(letters)
            + " of it");
  }

  @Test
  @Execution(CONCURRENT)
  void a_setting_that_there_is_not() {
    requireRefusal(
        2,
        "wxphone.sesion.wait (-D): there is no such setting; did you mean wxphone.session.wait?",
        "-Dwxphone.sesion.wait=PT1S");
  }

  @Test
  @Execution(CONCURRENT)
  void a_kafka_setting_that_is_wrong() {
    requireRefusal(
        2,
        "the Kafka setting processing.guarantee is wrong; check --config, -D and",
        "-Dprocessing.guarantee=perhaps_once");
  }

  @Test
  @Execution(CONCURRENT)
  void a_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      requireRefusal(
          1,
          "port "
              + taken.getLocalPort()
              + " can't be opened; set wxphone.http.port to another one,",
          "-Dwxphone.http.port=" + taken.getLocalPort());
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_state_directory_that_another_process_uses() {
    installation.run();
    requireRefusal(
        1,
        "the state directory %s is in use by another process; stop that one, or set another"
            .formatted(installation.stateDirectory().resolve(installation.applicationId())));
  }

  @Test
  @Execution(CONCURRENT)
  void a_group_that_lost_its_offsets() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata old = installation.click(user.openid(), user.click().json());
    Program run = installation.run();
    installation.answerTo(old);
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();

    String latest = "-Dapplication.id=" + installation.applicationId() + ".latest";
    String earliest = "-Dapplication.id=" + installation.applicationId() + ".earliest";
    requireRefusal(
        1,
        "group %s.latest has no offsets, though %s already holds answers: payloads would be"
            .formatted(installation.applicationId(), installation.topics().userProfile()),
        latest);

    run = installation.run(latest, "--start", "latest");
    RecordMetadata recent = installation.click(user.openid(), user.click().json());
    // The session key was published long before, and is known.
    assertThat(installation.answerTo(recent).topic())
        .isEqualTo(installation.topics().userProfile());
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    assertThat(installation.answersTo(old)).hasSize(1);
    assertThat(installation.booksOf(2)).returns(true, Books::balance);

    installation.run(earliest, "--start", "earliest");
    Program.await(
        "both are answered again",
        () ->
            installation.answersTo(old).size() == 2 && installation.answersTo(recent).size() == 2);
  }

  @Test
  @Execution(CONCURRENT)
  void a_state_of_a_cluster_that_is_gone_is_removed() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    Program run = installation.run("--leave");
    installation.answerTo(installation.click(user.openid(), user.click().json()));
    run.terminate(TEN_SECONDS);
    installation.changeTopics(
        topics ->
            topics.delete(
                Changelogs.users(installation.applicationId()),
                Changelogs.waiting(installation.applicationId())));

    run = installation.run();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    assertThat(installation.answerTo(click).topic()).isEqualTo(installation.topics().userProfile());
    Program.Result ended = run.terminate(TEN_SECONDS);
    assertThat(ended.err())
        .anyMatch(line -> line.endsWith("is not of the topics that are there, and is removed"))
        .noneMatch(line -> line.contains("ERROR") || line.contains("WARN"));
    requireNoStackTrace(ended);
  }

  @Test
  @Execution(CONCURRENT)
  void a_state_that_was_away_for_too_long_is_removed_and_restored() throws IOException {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    Program run = installation.run("--leave");
    RecordMetadata first = installation.click(user.openid(), user.click().json());
    installation.answerTo(first);
    run.terminate(TEN_SECONDS);
    Path followed =
        installation.stateDirectory().resolve(installation.applicationId()).resolve("followed");
    Instant noted = Instant.ofEpochMilli(Long.parseLong(Files.readString(followed)));
    assertThat(noted).as("noted at the end").isAfter(Instant.now().minusSeconds(20));

    run = installation.run("--leave");
    assertThat(run.terminate(TEN_SECONDS).err())
        .as("a short time away does no harm")
        .noneMatch(line -> line.contains("is removed"));
    Files.writeString(followed, "" + noted.minus(Duration.ofDays(4)).toEpochMilli());
    run = installation.run();
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    assertThat(installation.answerTo(click).topic())
        .as("the session key is restored")
        .isEqualTo(installation.topics().userProfile());
    assertThat(installation.answersTo(first)).hasSize(1);
    assertThat(run.terminate(TEN_SECONDS).err())
        .anyMatch(line -> line.endsWith("can surely bring up to date, and is removed"));
  }

  @Test
  @Execution(CONCURRENT)
  void a_stored_state_of_an_unknown_version() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    Program run = installation.run("--leave");
    installation.answerTo(click);
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    installation.publish(
        installation.applicationId() + "-users-changelog",
        click.partition(),
        new byte[] {(byte) 0xFF},
        new byte[] {99});
    installation.wipeState();

    Program.Result ended = installation.startRun(Map.of()).awaitExit();
    assertThat(ended.code()).isEqualTo(1);
    requireOneLine(
        ended.err().stream().filter(line -> line.startsWith("wxphone: ")).toList(),
        "the stored state was written by another version of wxphone, which this one does not know;");
    requireNoStackTrace(ended);
  }

  private void requireRefusal(int code, String beginning, String... options) {
    Program.Result ended = installation.startRun(Map.of(), options).awaitExit();
    requireOneLine(ended.err(), beginning);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isEqualTo(code);
  }

  private static void requireOneLine(List<String> lines, String beginning) {
    assertThat(lines).singleElement().asString().startsWith("wxphone: " + beginning);
  }

  private static void requireNoStackTrace(Program.Result ended) {
    assertThat(ended.err()).noneMatch(line -> line.startsWith("\tat "));
  }
}
