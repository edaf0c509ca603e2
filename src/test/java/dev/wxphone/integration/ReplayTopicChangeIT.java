package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.id;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.ReplayTestSupport;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.letters.DeadLetters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** Replays on topics that get more partitions, or are deleted and made again. */
@Execution(CONCURRENT)
final class ReplayTopicChangeIT extends ReplayTestSupport {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  ReplayTopicChangeIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  void with_more_partitions_each_letter_goes_once_still() throws Exception {
    Program run = installation.run(NO_WAIT);
    List<TestUser> users = newUsers(30);
    List<String> ids = failedClicks(users);
    users.forEach(this::login);
    assertThat(report(replay("--yes", "--limit", "10")).path("sent").asInt()).isEqualTo(10);
    List<String> gone = replayedIds();

    // The topics grow while a plan waits for its confirmation.
    DeadLetters opened = DeadLetters.open(installation.settings(), read -> {});
    installation.changeTopics(
        topics -> {
          topics.grow(7, installation.topics().deadLetter());
          topics.grow(11, installation.topics().deadLetterAudit());
        });
    // Its producer learns of new partitions only within minutes.
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    installation.run(NO_WAIT);
    List<TestUser> more = newUsers(30);
    List<String> moreIds = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    more.forEach(user -> sources.add(TestRecords.source(click(user))));
    Program.await(
        "all are letters",
        () -> {
          moreIds.clear();
          installation.records(installation.topics().deadLetter()).stream()
              .filter(letter -> sources.contains(header(letter, HeaderNames.SOURCE)))
              .forEach(letter -> moreIds.add(id(letter)));
          return moreIds.size() == more.size();
        });
    more.forEach(this::login);
    assertThat(moreIds).anyMatch(id -> Integer.parseInt(id.split("@", -1)[0]) >= 3);

    assertThat(plan()).containsEntry("alreadyReplayed", 10L).containsEntry("wouldSucceed", 50L);
    Program.Result rest = replay("--yes");
    assertThat(rest).returns(0, Program.Result::code);
    assertThat(report(rest).path("sent").asInt()).isEqualTo(50);
    assertThat(report(rest).path("profiles").asInt()).isEqualTo(50);
    List<String> all = Stream.concat(ids.stream(), moreIds.stream()).toList();
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(all).containsAll(gone);
    assertThat(auditedIds()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(audit()).anyMatch(entry -> entry.partition() >= 3);
    List<String> doneSince = new ArrayList<>();
    try (opened) {
      opened.readAudit(id -> doneSince.add(id.toString()));
    }
    assertThat(doneSince).hasSize(50).doesNotContainAnyElementsOf(gone);
    assertThat(report(replay("--yes")).path("sent").asInt()).isZero();
  }

  @Test
  void what_was_done_with_letters_of_a_topic_that_was_made_anew_counts_for_nothing()
      throws Exception {
    List<TestUser> users = newUsers(4);
    users.forEach(this::login);
    List<String> ids = users.stream().map(this::publishDeadLetter).toList();
    assertThat(execute("park", ids.subList(1, 4).toArray(String[]::new)))
        .returns(0, Program.Result::code);
    assertThat(plan()).containsEntry("parked", 3L).containsEntry("wouldSucceed", 1L);

    try (Admin admin = installation.admin()) {
      String topic = installation.topics().deadLetter();
      admin.deleteTopics(List.of(topic)).all().get();
      Program.await("it is gone", () -> !isThere(admin, topic));
    }
    assertThat(execute("topics", "apply", "--partitions", "3")).returns(0, Program.Result::code);
    assertThat(users.stream().map(this::publishDeadLetter)).isEqualTo(ids);
    assertThat(plan()).containsEntry("parked", 0L).containsEntry("wouldSucceed", 4L);
    assertThat(execute("park", ids.get(0))).returns(0, Program.Result::code);
    assertThat(statuses("--again"))
        .containsEntry(ids.get(0), "parked")
        .containsEntry(ids.get(1), "would-succeed");
  }

  private static boolean isThere(Admin admin, String topic) {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Publishes the dead letter of a click as the processor would, and returns its id. */
  private String publishDeadLetter(TestUser user) {
    long now = System.currentTimeMillis();
    byte[] key = user.openid().getBytes(UTF_8);
    OutgoingDeadLetter letter =
        OutgoingDeadLetter.ofPayload(
            new ReceivedRecord(
                key,
                user.click().value(),
                new RecordHeaders(),
                new RecordCoordinates(installation.topics().phonePayload(), 0, 1),
                new Provenance(now, 1, null, null)),
            new OutgoingDeadLetter.Cause(Reason.SESSION_KEY_MISSING, "No key.", 0),
            Instant.ofEpochMilli(now));
    return id(
        installation.publish(
            installation.topics().deadLetter(),
            null,
            key,
            letter.value(),
            letter.headers().toArray()));
  }
}
