package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A process that is halted just before the waiting of clicks ends, without other traffic, and
 * resumes when another has taken over and answered them. A race that is seldom lost, so the test
 * repeats it, and only with {@code -Dwxphone.soak=true}; {@link CutOffIT} shows the same without a
 * race.
 */
@EnabledIfSystemProperty(named = "wxphone.soak", matches = "true")
@ExtendWith(SharedBroker.Extension.class)
class HaltedIT {
  private static final int REPETITIONS = 20;
  private static final int CLICKS = 300;
  private static final Duration WAIT = Duration.ofSeconds(30);

  private static final Duration MARGIN = Duration.ofMillis(400);

  private final SharedBroker broker;

  HaltedIT(SharedBroker broker) {
    this.broker = broker;
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void what_waits_in_idle_partitions_is_answered_once_though_a_halted_process_comes_back() {
    for (int time = 0; time < REPETITIONS; time++) {
      try (Installation installation = new Installation(broker)) {
        haltAndGoOn(installation);
      }
    }
  }

  private static void haltAndGoOn(Installation installation) {
    String wait = "-Dwxphone.session.wait=" + WAIT;
    Program first = installation.run(wait);
    long due = System.currentTimeMillis() + WAIT.toMillis();
    installation.publishAll(clicks(installation));
    first.awaitMetric("wxphone_waiting_payloads", CLICKS);
    first.kill();
    Program halted = installation.run(wait);
    Program.await(
        "clicks are almost due", () -> System.currentTimeMillis() > due - MARGIN.toMillis());
    halted.signal("STOP");
    assertThat(installation.awaitAnswers(0)).as("it is halted in time").isEmpty();
    Program other =
        installation.startRun(
            Map.of(), wait, "-Dstate.dir=" + installation.stateDirectory().resolveSibling("other"));
    installation.awaitAnswers(CLICKS);
    halted.signal("CONT");
    other.awaitReady();
    halted.awaitReady();
    // Both have partitions then, and the halted one has finished what it was about to do.
    installation.publishAll(clicks(installation));
    Books books = installation.booksOf(2L * CLICKS);
    assertThat(books.balance()).as(BooksReport.verdict(books)).isTrue();
    assertThat(books.allDeadLetters()).isEqualTo(2 * CLICKS);
  }

  /** Returns clicks of users whose logins never come. */
  private static List<ProducerRecord<byte[], byte[]>> clicks(Installation installation) {
    List<ProducerRecord<byte[], byte[]>> clicks = new ArrayList<>();
    for (int i = 0; i < CLICKS; i++) {
      TestUser user = new TestUser();
      clicks.add(
          new ProducerRecord<>(
              installation.topics().phonePayload(),
              user.openid().getBytes(UTF_8),
              user.click().json().getBytes(UTF_8)));
    }
    return clicks;
  }
}
