package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.ReplayTestSupport;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** Two replays at once, signals, open transactions, and dead letters that come during a replay. */
@Execution(CONCURRENT)
final class ReplayConcurrencyIT extends ReplayTestSupport {
  ReplayConcurrencyIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  void of_two_replays_at_once_the_first_ends_and_each_letter_goes_once() {
    installation.run(NO_WAIT);
    List<TestUser> users = newUsers(40);
    List<String> ids = failedClicks(users);
    users.forEach(this::login);

    Program first =
        installation.startCommand("replay", "--yes", "--json", "--rate", "2/s", NO_WAIT);
    Program.await("it has sent some", () -> audit().size() >= 3);
    Program.Result second = replay("--yes");
    Program.Result fencedReplay = first.awaitExit();

    assertThat(second).returns(0, Program.Result::code);
    assertThat(fencedReplay.code()).as(fencedReplay + "").isEqualTo(1);
    assertThat(fencedReplay.err()).hasSize(1);
    assertThat(fencedReplay.err().get(0)).startsWith("wxphone: another replay has taken over");
    JsonNode ofFirst = report(fencedReplay);
    assertThat(ofFirst.path("sent").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(ofFirst.path("left").asInt()).isEqualTo(40 - ofFirst.path("sent").asInt());
    assertThat(ofFirst.path("gone").asInt()).isZero();
    assertThat(report(second).path("sent").asInt()).isEqualTo(ofFirst.path("left").asInt());
    assertThat(report(second).path("profiles").asInt())
        .isEqualTo(report(second).path("sent").asInt());
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(auditedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void a_signal_ends_a_replay_in_between_and_the_next_one_sends_the_rest() {
    installation.run(NO_WAIT);
    for (String signal : List.of("INT", "TERM")) {
      List<TestUser> users = newUsers(100);
      List<String> ids = failedClicks(users);
      users.forEach(this::login);
      int before = audit().size();

      // Without a signal it would run longer than the timeout of this test.
      Program slow =
          installation.startCommand("replay", "--yes", "--json", "--rate", "1/s", NO_WAIT);
      Program.await("it has sent some", () -> audit().size() >= before + 2);
      slow.signal(signal);
      Program.Result ended = slow.awaitExit();
      assertThat(ended.code()).as(ended + "").isEqualTo(1);
      assertThat(ended.err()).isEmpty();
      int sent = report(ended).path("sent").asInt();
      assertThat(sent).isEqualTo(audit().size() - before);
      assertThat(report(ended).path("left").asInt()).isEqualTo(100 - sent);

      Program.Result rest = replay("--yes");
      assertThat(rest.code()).isZero();
      assertThat(report(rest).path("sent").asInt()).isEqualTo(100 - sent);
      assertThat(report(rest).path("left").asInt()).isZero();
      assertThat(replayedIds().stream().filter(ids::contains))
          .containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  /** A read_committed consumer sees nothing behind the first open transaction of a partition. */
  @Test
  void a_transaction_that_is_open_on_the_audit_hides_no_replay() throws Exception {
    installation.run(NO_WAIT);
    List<TestUser> users = newUsers(8);
    List<String> ids = failedClicks(users);
    users.forEach(this::login);
    Program first =
        installation.startCommand("replay", "--yes", "--json", "--rate", "1/s", NO_WAIT);
    Program.await("it has sent one", () -> !audit().isEmpty());
    try (Admin admin = installation.admin();
        KafkaProducer<byte[], byte[]> other =
            new KafkaProducer<>(
                installation.kafka().ofTransactions("another", Duration.ofMinutes(1)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      other.initTransactions();
      other.beginTransaction();
      for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
        other
            .send(
                new ProducerRecord<>(
                    installation.topics().deadLetterAudit(), partition, new byte[0], new byte[0]))
            .get();
      }
      assertThat(report(first.awaitExit()).path("sent").asInt()).isEqualTo(8);
      assertThat(audit()).as("what committed readers see").hasSizeLessThan(8);

      String sender = "wxphone-replay-" + installation.topics().deadLetterAudit();
      int epoch = epoch(admin, sender);
      Program second = installation.startCommand("replay", "--yes", "--json", NO_WAIT);
      Program.await("the second has taken over", () -> epoch(admin, sender) != epoch);
      other.abortTransaction();
      Program.Result ended = second.awaitExit();
      assertThat(ended.code()).as(ended + "").isZero();
      assertThat(report(ended).path("sent").asInt()).isZero();
      assertThat(report(ended).path("gone").asInt()).isPositive();
    }
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static int epoch(Admin admin, String transactionalId) {
    try {
      return admin
          .describeTransactions(List.of(transactionalId))
          .description(transactionalId)
          .get()
          .producerEpoch();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void letters_that_come_after_the_start_are_not_taken() {
    installation.run(NO_WAIT);
    List<TestUser> users = newUsers(16);
    List<String> ids = failedClicks(users);
    users.forEach(this::login);

    Program slow = installation.startCommand("replay", "--yes", "--json", "--rate", "2/s", NO_WAIT);
    Program.await("it has sent one", () -> !audit().isEmpty());
    TestUser late = new TestUser();
    String id = failedClick(late);
    login(late);
    // Otherwise it could not have taken it anyway.
    assertThat(slow.isAlive()).isTrue();
    Program.Result ended = slow.awaitExit();
    assertThat(ended.code()).as(ended + "").isZero();
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(status(id)).isEqualTo("would-succeed");
  }
}
