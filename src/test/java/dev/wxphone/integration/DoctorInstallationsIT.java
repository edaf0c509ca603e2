package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.integration.kit.DoctorTestSupport;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code doctor} on installations that are broken as operators break them, and on one that is not.
 */
final class DoctorInstallationsIT extends DoctorTestSupport {
  private static final int MANY = 10;

  /** Plays an installation, and returns the settings with which doctor has to look at it. */
  private interface Play {
    List<String> on(DoctorInstallationsIT installation) throws Exception;
  }

  DoctorInstallationsIT(SharedBroker broker) {
    super(broker);
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        broken(
            "only logins",
            DoctorInstallationsIT::onlyLogins,
            "inputs",
            "10 logins of 24 h, but no click on P",
            "let the backend publish e.detail of each click there"),
        broken(
            "only clicks",
            DoctorInstallationsIT::onlyClicks,
            "inputs",
            "10 clicks of 24 h, but no login on S: none can become a profile",
            "let the login service publish each jscode2session answer there"),
        broken(
            "clicks under the unionid",
            DoctorInstallationsIT::clicksUnderTheUnionid,
            "openids",
            "P: 100 % of the keys of clicks are unionids of logins (5 of 5)",
            "publish each click under the openid"),
        broken(
            "clicks of another app's openids",
            DoctorInstallationsIT::clicksOfOtherOpenids,
            "openids",
            "P: 100 % of the openids that click never log in (10 of 10)",
            "publish clicks and logins of a user under the same openid"),
        broken(
            "stamped in seconds",
            DoctorInstallationsIT::stampedInSeconds,
            "record times",
            "P: 10 of 13 records stamped in seconds, the last one P-",
            "give a record's timestamp in milliseconds since 1970"),
        broken(
            "all denied",
            it -> it.refused("{\"errMsg\":\"getPhoneNumber:fail user deny\"}"),
            "answers",
            "100 % of 10 answers are USER_DENIED, as letter ",
            "click the button yourself"),
        broken(
            "quota used up",
            it -> it.refused("{\"errMsg\":\"getPhoneNumber:fail\",\"errno\":1400001}"),
            "answers",
            "100 % of 10 answers are WECHAT_REFUSED, as letter ",
            "the mini-program's administrator has to buy more"),
        broken(
            "another appid in the settings",
            DoctorInstallationsIT::anotherAppid,
            "answers",
            "100 % of 10 answers are APPID_MISMATCH, as letter ",
            "add it there if it is ours"),
        broken(
            "quoted keys",
            DoctorInstallationsIT::quotedKeys,
            "session keys",
            "S: 100 % malformed (10 of 10), as S-",
            "publish each login under its openid, as plain text"),
        broken(
            "another partitioner, and rerouting off",
            DoctorInstallationsIT::anotherPartitioner,
            "answers",
            "100 % of 10 answers are WRONG_PARTITION, as letter ",
            "set the backend's partitioner to murmur2"),
        broken(
            "run never started",
            DoctorInstallationsIT::neverStarted,
            "group",
            "A has no offsets: wxphone run was never started",
            "start wxphone run"),
        broken(
            "away for longer than retention",
            DoctorInstallationsIT::awayForLongerThanRetention,
            "deleted unread",
            "A had not read what retention or a purge has deleted: up to ",
            "start wxphone run, which goes on with the oldest record"),
        broken(
            "letters about to expire",
            DoctorInstallationsIT::lettersAboutToExpire,
            "dead letters",
            "1 open one expires within 24 h",
            "wxphone replay --dry-run"),
        broken(
            "another field for the session key",
            DoctorInstallationsIT::anotherField,
            "session keys",
            "S: 100 % malformed (10 of 10), as S-",
            "publish the answer of a jscode2session call"),
        broken(
            "a processor that is stuck",
            DoctorInstallationsIT::stuck,
            "group",
            "A is stuck in partition",
            "look at the log and at /ready"));
  }

  private static Arguments broken(
      String name, Play play, String check, String seen, String remedy) {
    return arguments(name, play, check, seen, remedy);
  }

  /**
   * In what is seen, P and S stand for the names of the inputs, and A for the application id; it is
   * how the line begins.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @Execution(CONCURRENT)
  void each_is_named_with_what_to_do(
      String name, Play play, String check, String seen, String remedy) throws Exception {
    List<String> settings = play.on(this);
    Program.Result ended = doctor(settings.toArray(String[]::new));
    String begin =
        seen.replace("P-", installation.topics().phonePayload() + "-")
            .replaceFirst("^P:", installation.topics().phonePayload() + ":")
            .replaceFirst(" P$", " " + installation.topics().phonePayload())
            .replaceFirst("^S:", installation.topics().sessionKey() + ":")
            .replace("S-", installation.topics().sessionKey() + "-")
            .replace("on S:", "on " + installation.topics().sessionKey() + ":")
            .replaceFirst("^A ", installation.applicationId() + " ");
    assertThat(findings(ended))
        .as(String.join("\n", ended.out()))
        .anySatisfy(
            finding -> {
              assertThat(finding.mark()).isEqualTo("WRONG");
              assertThat(finding.check()).isEqualTo(check);
              assertThat(finding.seen()).startsWith(begin);
              assertThat(finding.remedy()).contains(remedy);
            });
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  @Execution(CONCURRENT)
  void of_one_where_most_clicks_become_profiles_nothing_is_said() {
    installation.run();
    for (int i = 0; i < MANY; i++) {
      TestUser user = loggedIn();
      installation.answerTo(installation.click(user.openid(), user.click().json()));
      if (i % 3 == 0) {
        installation.answerTo(
            installation.click(user.openid(), "{\"errMsg\":\"x:fail user deny\"}"));
      }
    }
    Program.Result ended = doctor();
    assertThat(ended.out())
        .as(String.join("\n", ended.out()))
        .last()
        .isEqualTo("Nothing is wrong.");
    assertThat(ended.out())
        .contains(
            "ok     answers         14 answers to clicks of 24 h: 71 % became profiles, 29 % USER_DENIED");
    assertThat(ended.code()).isZero();
  }

  @Test
  @Execution(CONCURRENT)
  void run_warns_of_what_was_deleted_unread_and_counts_it() throws Exception {
    awayForLongerThanRetention();
    TestUser user = loggedIn();
    Program run = installation.run();
    run.awaitErr(
        Pattern.compile(
            "WARN.* up to \\d+ records of "
                + installation.topics().phonePayload()
                + "-\\d were deleted unread"));
    run.awaitMetric("wxphone_deleted_unread_records_total", MANY);
    assertThat(run.metric("wxphone_deleted_unread_records_total")).isEqualTo(MANY);
    installation.answerTo(installation.click(user.openid(), user.click().json()));
    assertThat(findings(doctor())).extracting(Finding::mark).containsOnly("ok");
  }

  private TestUser loggedIn() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    return user;
  }

  private List<String> onlyLogins() {
    for (int i = 0; i < MANY; i++) {
      loggedIn();
    }
    joinGroup();
    return List.of();
  }

  private List<String> onlyClicks() {
    for (int i = 0; i < MANY; i++) {
      TestUser user = new TestUser();
      installation.click(user.openid(), user.click().json());
    }
    joinGroup();
    return List.of();
  }

  private List<String> clicksUnderTheUnionid() {
    for (int i = 0; i < MANY / 2; i++) {
      TestUser user = loggedIn();
      installation.click("u" + user.openid().substring(1), user.click().json());
    }
    joinGroup();
    return List.of();
  }

  private List<String> clicksOfOtherOpenids() {
    for (int i = 0; i < MANY; i++) {
      TestUser user = loggedIn();
      installation.click(new TestUser().openid(), user.click().json());
    }
    joinGroup();
    return List.of();
  }

  private List<String> stampedInSeconds() {
    for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
      // Beside it, retention does not delete the others before doctor sees them.
      TestUser user = userOf(partition);
      installation.login(user.openid(), user.login());
      installation.click(user.openid(), user.click().json());
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      TestUser user = loggedIn();
      records.add(
          new ProducerRecord<>(
              installation.topics().phonePayload(),
              null,
              Instant.now().getEpochSecond(),
              user.openid().getBytes(UTF_8),
              user.click().json().getBytes(UTF_8)));
    }
    installation.publishAll(records);
    joinGroup();
    return List.of();
  }

  private static TestUser userOf(int partition) {
    TestUser user = new TestUser();
    while (Installation.rightPartition(user.openid()) != partition) {
      user = new TestUser();
    }
    return user;
  }

  private List<String> refused(String value) {
    installation.run();
    for (int i = 0; i < MANY; i++) {
      installation.answerTo(installation.click(loggedIn().openid(), value));
    }
    return List.of();
  }

  private List<String> anotherAppid() {
    installation.run("-Dwxphone.appids=wxanother");
    for (int i = 0; i < MANY; i++) {
      TestUser user = loggedIn();
      installation.answerTo(installation.click(user.openid(), user.click().json()));
    }
    return List.of("-Dwxphone.appids=wxanother");
  }

  private List<String> quotedKeys() {
    for (int i = 0; i < MANY; i++) {
      TestUser user = new TestUser();
      installation.login("\"" + user.openid() + "\"", user.login());
    }
    joinGroup();
    return List.of();
  }

  private List<String> anotherPartitioner() {
    installation.run("-Dwxphone.reroute=false");
    for (int i = 0; i < MANY; i++) {
      TestUser user = loggedIn();
      installation.answerTo(
          installation.publish(
              installation.topics().phonePayload(),
              Installation.wrongPartition(user.openid()),
              user.openid(),
              user.click().json()));
    }
    return List.of("-Dwxphone.reroute=false");
  }

  private List<String> neverStarted() {
    TestUser user = loggedIn();
    installation.click(user.openid(), user.click().json());
    return List.of();
  }

  private List<String> awayForLongerThanRetention() throws Exception {
    joinGroup();
    leaveGroup();
    Map<TopicPartition, Long> last = new HashMap<>();
    for (int i = 0; i < MANY; i++) {
      TestUser user = new TestUser();
      RecordMetadata sent = installation.click(user.openid(), user.click().json());
      last.merge(new TopicPartition(sent.topic(), sent.partition()), sent.offset(), Math::max);
    }
    try (Admin admin = installation.admin()) {
      Map<TopicPartition, RecordsToDelete> purge = new HashMap<>();
      last.forEach((partition, at) -> purge.put(partition, RecordsToDelete.beforeOffset(at + 1)));
      admin.deleteRecords(purge).all().get();
    }
    return List.of();
  }

  private List<String> lettersAboutToExpire() {
    publishDeadLetter(Reason.SESSION_KEY_MISSING, Instant.now());
    joinGroup();
    installation.changeTopics(
        topics -> topics.set(installation.topics().deadLetter(), "retention.ms", "3600000"));
    return List.of();
  }

  private List<String> anotherField() {
    for (int i = 0; i < MANY; i++) {
      TestUser user = new TestUser();
      installation.login(user.openid(), user.login().replace("session_key", "sessionKey"));
    }
    joinGroup();
    return List.of();
  }

  private List<String> stuck() {
    joinGroup();
    TestUser user = loggedIn();
    installation.click(user.openid(), user.click().json());
    return List.of();
  }
}
