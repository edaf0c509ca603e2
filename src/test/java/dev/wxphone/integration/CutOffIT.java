package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.integration.kit.CuttableProxy;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/**
 * A process whose group has given it up without its knowledge, since its heartbeats get lost. When
 * the waiting of clicks ends, it works on before the process that owns them now.
 */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
class CutOffIT {
  private static final int PARTITIONS = 8;
  private static final int CLICKS = 300;

  /** Within it two processes start one after the other, and a session of 6 s expires. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final SharedBroker broker;

  CutOffIT(SharedBroker broker) {
    this.broker = broker;
  }

  @Test
  void what_waits_in_idle_partitions_is_answered_once_though_a_process_does_not_know_it_lost_them()
      throws IOException {
    try (CuttableProxy proxy = new CuttableProxy(broker.bootstrapServers());
        Installation installation = new Installation(broker, PARTITIONS);
        Admin admin = installation.admin()) {
      String wait = "-Dwxphone.session.wait=" + WAIT;
      String throughProxy = "-Dbootstrap.servers=" + proxy.bootstrapServers();
      Program first = installation.run(wait, throughProxy);
      long due = System.currentTimeMillis() + WAIT.toMillis();
      installation.publishAll(clicks(installation, user -> user.click().json()));
      // Uncommitted clicks would be read again, and their task would not be idle.
      Program.await("all is committed", () -> committed(admin, installation) == CLICKS);
      first.kill();
      Program cutOff = installation.run(wait, throughProxy);
      cutOff.awaitMetric("wxphone_waiting_payloads", CLICKS);

      proxy.cutHeartbeats();
      Program other =
          installation.startRun(
              Map.of(),
              wait,
              // It is halted for a while and must keep its tasks: tasks that are lost and restored
              // see what was answered meanwhile.
              "-Dsession.timeout.ms=" + Duration.ofMinutes(2).toMillis(),
              "-Dstate.dir=" + installation.stateDirectory().resolveSibling("other"));
      other.awaitReady().awaitMetric("wxphone_waiting_payloads", CLICKS);
      // The other process is halted so that its own answers do not fence the one that is cut off
      // first: that would be a race.
      Program.await(
          "clicks are almost due", () -> System.currentTimeMillis() > due - MARGIN.toMillis());
      other.signal("STOP");
      assertThat(cutOff.metric("wxphone_waiting_payloads"))
          .as("it holds to them too")
          .isEqualTo(CLICKS);
      assertThat(installation.awaitAnswers(0)).isEmpty();
      assertThat(System.currentTimeMillis()).as("nothing is due yet").isLessThan(due);

      // It has tried either way: it has answered them, or learnt that it must not.
      Program.await("it has let go of them", () -> cutOff.metric("wxphone_waiting_payloads") == 0);
      other.signal("CONT");
      installation.awaitAnswers(CLICKS);
      proxy.restoreHeartbeats();
      Program.await("both have their share", () -> bothHaveTheirShare(admin, installation));
      // Answered at once, and visible only when all transactions before them have ended.
      installation.publishAll(clicks(installation, user -> "no click"));
      Books books = installation.booksOf(2L * CLICKS);
      assertThat(books.balance()).as(BooksReport.verdict(books)).isTrue();
      assertThat(books.allDeadLetters()).isEqualTo(2 * CLICKS);
      assertThat(cutOff.isAlive()).isTrue();
    }
  }

  /** Returns clicks of users whose logins never come. */
  private static List<ProducerRecord<byte[], byte[]>> clicks(
      Installation installation, Function<TestUser, String> value) {
    return Stream.generate(TestUser::new)
        .limit(CLICKS)
        .map(
            user ->
                new ProducerRecord<>(
                    installation.topics().phonePayload(),
                    user.openid().getBytes(UTF_8),
                    value.apply(user).getBytes(UTF_8)))
        .toList();
  }

  /** Returns how many payloads the group has committed. */
  private static long committed(Admin admin, Installation installation) {
    String group = installation.applicationId();
    return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .entrySet()
        .stream()
        .filter(entry -> entry.getKey().topic().equals(installation.topics().phonePayload()))
        .mapToLong(entry -> entry.getValue().offset())
        .sum();
  }

  private static boolean bothHaveTheirShare(Admin admin, Installation installation) {
    String id = installation.applicationId();
    ConsumerGroupDescription group =
        Objects.requireNonNull(get(admin.describeConsumerGroups(List.of(id)).all()).get(id));
    return group.groupState() == GroupState.STABLE
        && group.members().size() == 2
        && group.members().stream()
            .noneMatch(member -> member.assignment().topicPartitions().isEmpty());
  }

  private static <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
