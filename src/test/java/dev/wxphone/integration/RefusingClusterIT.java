package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.Books;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A cluster whose brokers have every limit that makes them refuse records. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefusingClusterIT {
  private static final String BEFORE = "message.timestamp.before.max.ms";
  private static final String DAY = "" + Duration.ofDays(1).toMillis();
  private final long old = Instant.now().minus(Duration.ofDays(8)).toEpochMilli();

  private final SharedBroker broker = new SharedBroker();
  private Installation installation = new Installation(broker);

  @BeforeAll
  void limit() throws Exception {
    installation.close();
    ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  all,
                  List.of(
                      set("log.message.timestamp.before.max.ms", DAY),
                      set("log.message.timestamp.after.max.ms", "60000"),
                      set("message.max.bytes", "100000"),
                      set("compression.type", "uncompressed"))))
          .all()
          .get();
    }
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
  }

  @BeforeEach
  void install() {
    installation = new Installation(broker);
    // Otherwise the broker may delete the old clicks before they are read.
    String month = "" + Duration.ofDays(30).toMillis();
    installation.changeTopics(
        topics -> topics.set(installation.topics().phonePayload(), "retention.ms", month));
  }

  @AfterEach
  void end() {
    installation.close();
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @Test
  void on_topics_as_the_files_want_them_nothing_that_is_written_is_refused() {
    installation.run();
    TestUser user = new TestUser();
    List<RecordMetadata> tooLong = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String login = user.login().replace("\"appid\":\"", "\"appid\":\"" + "x".repeat(60_000));
      tooLong.add(installation.login(user.openid(), login));
    }
    installation.login(user.openid(), user.login());
    RecordMetadata known = old(user);
    RecordMetadata waits = old(new TestUser());
    RecordMetadata replayed =
        installation.publish(
            installation.topics().phonePayload(),
            null,
            new TestUser().openid(),
            user.click().json(),
            new RecordHeader("wxphone.timestamp", ("" + old).getBytes(UTF_8)));
    RecordMetadata forged =
        installation.publish(
            installation.topics().phonePayload(),
            null,
            user.openid(),
            user.click().json(),
            new RecordHeader("wxphone.timestamp", "1".getBytes(UTF_8)));

    ConsumerRecord<byte[], byte[]> profile = installation.answerTo(known);
    assertThat(profile.topic()).isEqualTo(installation.topics().userProfile());
    assertThat(profile.timestamp()).isEqualTo(old);
    assertThat(installation.answerTo(forged).topic())
        .isEqualTo(installation.topics().userProfile());
    for (RecordMetadata letter : List.of(waits, replayed)) {
      assertThat(TestRecords.header(installation.answerTo(letter), "wxphone.timestamp"))
          .isEqualTo("" + old);
    }
    for (RecordMetadata login : tooLong) {
      assertThat(TestRecords.header(installation.answerTo(login), "wxphone.reason"))
          .isEqualTo("MALFORMED_SESSION_KEY");
    }
    assertThat(installation.booksOf(4)).returns(true, Books::balance);
    assertThat(InProcess.execute(installation.arguments("doctor")).out())
        .anyMatch(line -> line.startsWith("ok     size limits"))
        .noneMatch(line -> line.contains("refusals"));
  }

  @Test
  void where_a_topic_has_such_a_limit_nothing_starts_and_what_runs_says_why_it_stops() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    Program run = installation.run("--leave");
    String profiles = installation.topics().userProfile();
    installation.changeTopics(topics -> topics.set(profiles, BEFORE, DAY));
    RecordMetadata known = old(user);
    run.awaitErr(
        Pattern.compile(
            "^.*"
                + Pattern.quote(profiles)
                + " refuses a record with InvalidTimestampException: .*"));
    run.terminate(Duration.ofSeconds(30));

    requireRefusal(
        "%s of %s is %s and has to be at least 9223372036854775807; set it with: wxphone topics apply"
            .formatted(BEFORE, profiles, DAY));
    assertThat(InProcess.execute(installation.arguments("doctor")).out())
        .anyMatch(line -> line.contains(profiles + ": " + BEFORE));
    installation.changeTopics(topics -> topics.set(profiles, BEFORE, "" + Long.MAX_VALUE));
    String users = Changelogs.users(installation.applicationId());
    installation.changeTopics(topics -> topics.set(users, BEFORE, DAY));
    requireRefusal(
        "%s of %s is %s and has to be at least 9223372036854775807; set it with: %s"
            .formatted(
                BEFORE,
                users,
                DAY,
                Changelogs.alter(broker.bootstrapServers(), users, BEFORE, "" + Long.MAX_VALUE)));
    installation.changeTopics(topics -> topics.set(users, BEFORE, "" + Long.MAX_VALUE));

    installation.run();
    assertThat(installation.answerTo(known).topic()).isEqualTo(profiles);
    assertThat(installation.booksOf(1)).returns(true, Books::balance);
  }

  /** Publishes a click of eight days ago, as a publisher does that was offline since. */
  private RecordMetadata old(TestUser user) {
    String click =
        user.click().plaintext(user.phone(old / 1000)).encryptedWithIv(new byte[16]).json();
    return installation
        .publishAll(
            List.of(
                new ProducerRecord<>(
                    installation.topics().phonePayload(),
                    null,
                    old,
                    user.openid().getBytes(UTF_8),
                    click.getBytes(UTF_8))))
        .get(0);
  }

  private void requireRefusal(String line) {
    Program.Result ended = installation.startRun(Map.of()).awaitExit();
    assertThat(ended.err()).containsExactly("wxphone: " + line);
    assertThat(ended.code()).isEqualTo(1);
  }
}
