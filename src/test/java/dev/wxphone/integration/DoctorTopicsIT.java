package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.integration.kit.DoctorTestSupport;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.tools.doctor.Finding;
import dev.wxphone.topics.Changelogs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code doctor} on topics that are missing or not as wxphone requires them. */
final class DoctorTopicsIT extends DoctorTestSupport {
  private static final String APPLY = "wxphone topics apply --partitions 3";

  DoctorTopicsIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  @Execution(CONCURRENT)
  void a_missing_topic() {
    joinGroup();
    String name = "-Dwxphone.topic.dead-letter-audit=i-am-not-there";
    Program.Result ended = doctor(name);
    assertThat(findings(ended))
        .filteredOn(finding -> !finding.mark().equals("ok"))
        .containsExactly(
            new Finding("WRONG", "topics", "i-am-not-there does not exist", APPLY),
            new Finding(
                "?",
                "transactions",
                "i-am-not-there does not exist",
                "make the topics, then run this again"));
    assertThat(ended.out()).last().isEqualTo("1 of 19 is wrong; 1 could not be checked.");
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  @Execution(CONCURRENT)
  void no_topic_at_all() {
    List<String> elsewhere = new ArrayList<>();
    List.of("phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit")
        .forEach(role -> elsewhere.add("-Dwxphone.topic." + role + "=none." + role));
    Program.Result ended = doctor(elsewhere.toArray(String[]::new));
    assertThat(findings(ended))
        .filteredOn(finding -> finding.mark().equals("WRONG"))
        .hasSize(5)
        .allMatch(finding -> finding.seen().endsWith(" does not exist"))
        .allMatch(finding -> finding.remedy().equals("wxphone topics apply"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource(
      delimiter = '|',
      value = {
        "session-key | cleanup.policy | delete | topics | cleanup.policy is delete, not compact,delete",
        "session-key | min.compaction.lag.ms | 0 | topics | min.compaction.lag.ms is 0, not 604800000",
        "dead-letter | max.message.bytes | 1048588 | size limits | max.message.bytes is 1,048,588, and wxphone writes up to 2,097,152",
      })
  void a_topic_that_is_not_as_it_has_to_be(
      String role, String key, String value, String check, String seen) throws Exception {
    joinGroup();
    String topic = installation.applicationId() + "." + role;
    installation.changeTopics(topics -> topics.set(topic, key, value));
    requireWrong(doctor(), new Finding("WRONG", check, topic + ": " + seen, APPLY));
  }

  @Test
  @Execution(CONCURRENT)
  void unequal_partition_counts() throws Exception {
    joinGroup();
    installation.changeTopics(topics -> topics.grow(4, installation.topics().sessionKey()));
    Finding wrong = onlyWrong(doctor());
    assertThat(wrong.check()).isEqualTo("partitions");
    assertThat(wrong.seen())
        .isEqualTo(
            "%s has 3 and %s has 4, so payloads miss their session keys"
                .formatted(
                    installation.topics().phonePayload(), installation.topics().sessionKey()));
    assertThat(wrong.remedy())
        .startsWith(
            "before the first wxphone run, make %s anew with the 4 of the other"
                .formatted(installation.topics().phonePayload()));

    createChangelog();
    assertThat(onlyWrong(doctor()).remedy()).isEqualTo(Changelogs.MOVE);
  }

  @Test
  @Execution(CONCURRENT)
  void equal_partition_counts_that_are_not_the_states() throws Exception {
    joinGroup();
    createChangelog();
    assertThat(doctor().code()).as("as many as the inputs").isZero();
    installation.changeTopics(
        topics ->
            topics.grow(
                4, installation.topics().sessionKey(), installation.topics().phonePayload()));
    assertThat(findings(doctor()))
        .contains(
            new Finding(
                "WRONG",
                "partitions",
                "4 of %s and of %s, but 3 of %s-users-changelog: wxphone run does not start with another number than its state's"
                    .formatted(
                        installation.topics().phonePayload(),
                        installation.topics().sessionKey(),
                        installation.applicationId()),
                Changelogs.MOVE));
  }

  /** Creates the changelog as the first run of the processor does. */
  private void createChangelog() throws Exception {
    String changelog = installation.applicationId() + "-users-changelog";
    installation.changeTopics(
        topics -> {
          topics.create(changelog, Installation.PARTITIONS);
          topics.set(changelog, "delete.retention.ms", "604800000");
        });
  }

  @Test
  @Execution(CONCURRENT)
  void open_letters_that_expire_within_a_day_until_they_are_parked() throws Exception {
    publishDeadLetter(Reason.USER_DENIED, Instant.now());
    DeadLetterId open = publishDeadLetter(Reason.SESSION_KEY_MISSING, Instant.now());
    joinGroup();
    assertThat(doctor().code()).as("30 days are long").isZero();

    installation.changeTopics(
        topics -> topics.set(installation.topics().deadLetter(), "retention.ms", "3600000"));
    Program.Result ended = doctor();
    assertThat(findings(ended))
        .filteredOn(finding -> finding.mark().equals("WRONG"))
        .extracting(finding -> finding.check() + ": " + finding.seen())
        .containsExactly(
            "topics: %s: retention.ms is 3600000, not 2592000000"
                .formatted(installation.topics().deadLetter()),
            "dead letters: 1 open one expires within 24 h");
    assertThat(ended.code()).isEqualTo(1);

    assertThat(InProcess.execute(installation.arguments("park", open.toString())).code()).isZero();
    assertThat(onlyWrong(doctor()).check()).isEqualTo("topics");
  }
}
