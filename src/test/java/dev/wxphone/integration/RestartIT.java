package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.books.Books;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.LoadGenerator;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/** The jar's {@code run} is stopped, killed or halted, and started again. */
@ExtendWith(SharedBroker.Extension.class)
final class RestartIT {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private static final String LONG_WAIT = "-Dwxphone.session.wait=PT5S";

  private final Installation installation;

  RestartIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  @Execution(CONCURRENT)
  void sigterm_in_the_middle_loses_nothing() throws IOException {
    Program run = installation.run(LONG_WAIT);
    try (LoadGenerator load = LoadGenerator.start(installation)) {
      awaitAllKinds(run, load);
      assertThat(run.terminate(TEN_SECONDS).code()).isZero();
      assertThat(installation.leftovers()).isEmpty();
      load.awaitMore(100);
      installation.run(LONG_WAIT);
      load.awaitMore(100);
      requireBalance(load);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_kill_in_the_middle_loses_nothing() {
    try (LoadGenerator load = LoadGenerator.start(installation)) {
      for (int times = 0; times < 2; times++) {
        Program run = installation.run(LONG_WAIT);
        awaitAllKinds(run, load);
        run.kill();
        load.awaitMore(100);
      }
      Program run = installation.run(LONG_WAIT);
      load.awaitMore(100);
      requireBalance(load);
      assertThat(run.terminate(TEN_SECONDS).err())
          .anyMatch(line -> line.endsWith("is restored from Kafka"))
          .noneMatch(line -> line.contains("TaskCorruptedException"));
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_kill_that_takes_the_disk_too_loses_nothing() {
    try (LoadGenerator load = LoadGenerator.start(installation)) {
      Program run = installation.run(LONG_WAIT);
      awaitAllKinds(run, load);
      run.kill();
      installation.wipeState();
      load.awaitMore(100);
      installation.run(LONG_WAIT);
      load.awaitMore(100);
      requireBalance(load);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_process_keeps_its_place_in_a_streams_group() throws Exception {
    try (Admin admin = installation.admin()) {
      installation.run("-Dgroup.protocol=streams").terminate(TEN_SECONDS);
      List<String> before = instances(admin);
      assertThat(before).singleElement().asString().startsWith("wxphone-");

      installation.run("-Dgroup.protocol=streams");
      assertThat(instances(admin)).isEqualTo(before);
    }
  }

  /** Returns the names of the static members of the group; empty for a dynamic one. */
  private List<String> instances(Admin admin) throws Exception {
    String group = installation.applicationId();
    return admin.describeStreamsGroups(List.of(group)).all().get().values().stream()
        .flatMap(described -> described.members().stream())
        .map(member -> member.instanceId().orElse(""))
        .toList();
  }

  /** Waits until some payloads wait, some are rerouted, and some are answered. */
  private static void awaitAllKinds(Program run, LoadGenerator load) {
    load.awaitMore(200);
    run.awaitMetric("wxphone_rerouted_total", 20);
    run.awaitMetric("wxphone_profiles_total", 50);
    run.awaitMetric("wxphone_waiting_payloads", 5);
  }

  private void requireBalance(LoadGenerator load) {
    long published = load.stop();
    Books books = installation.booksOf(published);
    assertThat(books.balance()).as("%s", books).isTrue();
    assertThat(books.payloads() - books.rerouted()).isEqualTo(published);
    assertThat(books.rerouted()).isPositive();
    assertThat(books.deadLetters()).isEqualTo(load.expectedDeadLetters());
  }

  @Test
  @Execution(CONCURRENT)
  void a_first_start_killed_before_its_first_commit_is_begun_again() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    Program run =
        installation.run("-Dcommit.interval.ms=60000", "-Dproducer.transaction.timeout.ms=120000");
    run.awaitMetric("wxphone_profiles_total", 1);
    run.kill();
    assertThat(installation.answersTo(click)).isEmpty();

    installation.run();
    assertThat(installation.answerTo(click).topic()).isEqualTo(installation.topics().userProfile());
    assertThat(installation.booksOf(1)).returns(true, Books::balance);
  }

  @Test
  @Execution(CONCURRENT)
  void at_least_once_answers_at_least_once() {
    String atLeastOnce = "-Dprocessing.guarantee=at_least_once";
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    Program run = installation.run(atLeastOnce, "-Dcommit.interval.ms=60000");
    // The answer is written then, and no offset is committed.
    installation.answerTo(click);
    run.kill();

    run = installation.run(atLeastOnce);
    Program.await("it is answered again", () -> installation.answersTo(click).size() == 2);
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    RecordMetadata again = installation.click(user.openid(), user.click().json());
    installation.run(atLeastOnce);
    installation.answerTo(again);
    assertThat(installation.answersTo(click)).hasSize(2);
    assertThat(installation.answersTo(again)).hasSize(1);
  }

  @Test
  @Execution(CONCURRENT)
  void a_misplaced_key_is_waited_for_though_the_process_that_would_send_it_on_hangs() {
    Program lives =
        installation.run("-Dstate.dir=" + installation.stateDirectory().resolve("lives"));
    Program hangs =
        installation.run("-Dstate.dir=" + installation.stateDirectory().resolve("hangs"));
    Program.await("both have partitions", () -> eachPartitionAnswers() && share(lives, hangs));
    hangs.signal("STOP");
    List<RecordMetadata> clicks = new ArrayList<>();
    for (int right = 0; right < Installation.PARTITIONS; right++) {
      for (int wrong = 0; wrong < Installation.PARTITIONS; wrong++) {
        TestUser user = TestUser.inPartition(right);
        installation.publish(
            installation.topics().sessionKey(), wrong, user.openid(), user.login());
        clicks.add(installation.click(user.openid(), user.click().json()));
      }
    }
    // The group removes the halted process after 6 s; the clicks wait for 2 s.
    for (RecordMetadata click : clicks) {
      assertThat(header(installation.answerTo(click), "wxphone.reason")).isNull();
    }
  }

  private boolean eachPartitionAnswers() {
    for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
      installation.answerTo(installation.click(TestUser.inPartition(partition).openid(), "{}"));
    }
    return true;
  }

  private static boolean share(Program one, Program other) {
    String answered = "wxphone_dead_letters_total{reason=\"MALFORMED_PAYLOAD\"}";
    return one.metric(answered) > 0 && other.metric(answered) > 0;
  }
}
