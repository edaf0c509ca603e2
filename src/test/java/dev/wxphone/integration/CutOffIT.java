package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.cli.BooksReport;
import dev.wxphone.core.books.Books;
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

/**
 * A process that its group has given up, and that does not know it: it is all right, but for its
 * heartbeats, which get lost. When clicks are due it is at work, before the one that has them now.
 */
@ExtendWith(SharedBroker.Extension.class)
class CutOffIT {
  private static final int PARTITIONS = 8;
  private static final int CLICKS = 300;

  /** Until then two processes start, one after the other, and a session of 6 s times out. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  private static final Duration BEFORE = Duration.ofSeconds(2);

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
      installation.publishAll(clicks(installation, visitor -> visitor.click().json()));
      // What is not committed is read again, and then its task is not idle.
      Program.await("all is committed", () -> committed(admin, installation) == CLICKS);
      first.kill();
      Program cutOff = installation.run(wait, throughProxy);
      cutOff.awaitMetric("wxphone_waiting", CLICKS);

      proxy.cutHeartbeats();
      Program other =
          installation.start(
              Map.of(),
              wait,
              // It is halted for a while, and is to keep its tasks: lost and restored, they would
              // show what was answered meanwhile.
              "-Dsession.timeout.ms=" + Duration.ofMinutes(2).toMillis(),
              "-Dstate.dir=" + installation.stateDirectory().resolveSibling("other"));
      other.awaitReady().awaitMetric("wxphone_waiting", CLICKS);
      // Whoever reads what the other sends itself when clicks are due is fenced by that: without
      // the other's silence it would be a race.
      Program.await(
          "clicks are almost due", () -> System.currentTimeMillis() > due - BEFORE.toMillis());
      other.signal("STOP");
      assertThat(cutOff.metric("wxphone_waiting")).as("it holds to them too").isEqualTo(CLICKS);
      assertThat(installation.awaitAnswers(0)).isEmpty();
      assertThat(System.currentTimeMillis()).as("nothing is due yet").isLessThan(due);

      // Whichever way, it has tried: answered them, or learnt that it may not.
      Program.await("it has let go of them", () -> cutOff.metric("wxphone_waiting") == 0);
      other.signal("CONT");
      installation.awaitAnswers(CLICKS);
      proxy.mend();
      Program.await("both have their share", () -> bothHaveTheirShare(admin, installation));
      // Answered at once, and seen only when all that was before them on the topic has an end.
      installation.publishAll(clicks(installation, visitor -> "no click"));
      Books books = installation.booksOf(2L * CLICKS);
      assertThat(books.balance()).as(BooksReport.verdict(books)).isTrue();
      assertThat(books.allDeadLetters()).isEqualTo(2 * CLICKS);
      assertThat(cutOff.isAlive()).isTrue();
    }
  }

  /** Of users whose logins never come. */
  private static List<ProducerRecord<byte[], byte[]>> clicks(
      Installation installation, Function<TestUser, String> value) {
    return Stream.generate(TestUser::new)
        .limit(CLICKS)
        .map(
            visitor ->
                new ProducerRecord<>(
                    installation.topics().phonePayload(),
                    visitor.openid().getBytes(UTF_8),
                    value.apply(visitor).getBytes(UTF_8)))
        .toList();
  }

  /** How many payloads the group has read for good. */
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
