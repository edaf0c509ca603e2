package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.books.Books;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
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

/** A cluster whose brokers limit what they can, and refuse the rest. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefusingClusterIT {
  private static final String BEFORE = "message.timestamp.before.max.ms";
  private static final String DAY = "" + Duration.ofDays(1).toMillis();
  private final long old = Instant.now().minus(Duration.ofDays(8)).toEpochMilli();

  private final SharedBroker broker = new SharedBroker();
  private Installation at = new Installation(broker);

  @BeforeAll
  void limit() throws Exception {
    at.close();
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
    at = new Installation(broker);
    // Else the broker may delete the old clicks before they are read.
    String month = "" + Duration.ofDays(30).toMillis();
    at.change(topics -> topics.set(at.topics().phonePayload(), "retention.ms", month));
  }

  @AfterEach
  void end() {
    at.close();
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @Test
  void on_topics_as_the_files_want_them_nothing_that_is_written_is_refused() {
    at.run();
    TestUser visitor = new TestUser();
    List<RecordMetadata> tooLong = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String login = visitor.login().replace("\"appid\":\"", "\"appid\":\"" + "x".repeat(60_000));
      tooLong.add(at.login(visitor.openid(), login));
    }
    at.login(visitor.openid(), visitor.login());
    RecordMetadata known = old(visitor);
    RecordMetadata waits = old(new TestUser());
    RecordMetadata replayed =
        at.publish(
            at.topics().phonePayload(),
            null,
            new TestUser().openid(),
            visitor.click().json(),
            new RecordHeader("wxphone.timestamp", ("" + old).getBytes(UTF_8)));
    RecordMetadata forged =
        at.publish(
            at.topics().phonePayload(),
            null,
            visitor.openid(),
            visitor.click().json(),
            new RecordHeader("wxphone.timestamp", "1".getBytes(UTF_8)));

    ConsumerRecord<byte[], byte[]> profile = at.answerTo(known);
    assertThat(profile.topic()).isEqualTo(at.topics().userProfile());
    assertThat(profile.timestamp()).isEqualTo(old);
    assertThat(at.answerTo(forged).topic()).isEqualTo(at.topics().userProfile());
    for (RecordMetadata letter : List.of(waits, replayed)) {
      assertThat(Installation.header(at.answerTo(letter), "wxphone.timestamp")).isEqualTo("" + old);
    }
    for (RecordMetadata login : tooLong) {
      assertThat(Installation.header(at.answerTo(login), "wxphone.reason"))
          .isEqualTo("MALFORMED_SESSION_KEY");
    }
    assertThat(at.booksOf(4)).returns(true, Books::balance);
    assertThat(InProcess.execute(at.arguments("doctor")).out())
        .anyMatch(line -> line.startsWith("ok     size limits"))
        .noneMatch(line -> line.contains("refusals"));
  }

  @Test
  void where_a_topic_has_such_a_limit_nothing_starts_and_what_runs_says_why_it_stops() {
    TestUser visitor = new TestUser();
    at.login(visitor.openid(), visitor.login());
    Program run = at.run("--leave");
    String profiles = at.topics().userProfile();
    at.change(topics -> topics.set(profiles, BEFORE, DAY));
    RecordMetadata known = old(visitor);
    run.awaitErr(
        Pattern.compile(
            "^.*"
                + Pattern.quote(profiles)
                + " refuses a record with InvalidTimestampException: .*"));
    run.terminate(Duration.ofSeconds(30));

    requireRefusal(
        "%s of %s is %s and has to be at least 9223372036854775807; set it with: wxphone topics apply"
            .formatted(BEFORE, profiles, DAY));
    assertThat(InProcess.execute(at.arguments("doctor")).out())
        .anyMatch(line -> line.contains(profiles + ": " + BEFORE));
    at.change(topics -> topics.set(profiles, BEFORE, "" + Long.MAX_VALUE));
    String users = Changelogs.users(at.applicationId());
    at.change(topics -> topics.set(users, BEFORE, DAY));
    requireRefusal(
        "%s of %s is %s and has to be at least 9223372036854775807; set it with: %s"
            .formatted(
                BEFORE,
                users,
                DAY,
                Changelogs.alter(broker.bootstrapServers(), users, BEFORE, "" + Long.MAX_VALUE)));
    at.change(topics -> topics.set(users, BEFORE, "" + Long.MAX_VALUE));

    at.run();
    assertThat(at.answerTo(known).topic()).isEqualTo(profiles);
    assertThat(at.booksOf(1)).returns(true, Books::balance);
  }

  /** A click of eight days ago, as a publisher that was away for so long sends it. */
  private RecordMetadata old(TestUser visitor) {
    String click =
        visitor.click().plaintext(visitor.phone(old / 1000)).encryptedWithIv(new byte[16]).json();
    return at.publishAll(
            List.of(
                new ProducerRecord<>(
                    at.topics().phonePayload(),
                    null,
                    old,
                    visitor.openid().getBytes(UTF_8),
                    click.getBytes(UTF_8))))
        .get(0);
  }

  private void requireRefusal(String line) {
    Program.Ended ended = at.start(Map.of()).awaitEnd();
    assertThat(ended.err()).containsExactly("wxphone: " + line);
    assertThat(ended.code()).isEqualTo(1);
  }
}
