package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code wxphone forget} on a real broker. */
@ExtendWith(SharedBroker.Extension.class)
class ForgetIT {
  private final Installation installation;

  ForgetIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void a_forgotten_person_has_no_profile_any_more_and_gets_none_of_an_old_click() {
    installation.run();
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    assertThat(installation.answerTo(click).topic()).isEqualTo(installation.topics().userProfile());

    Program.Result ended = InProcess.execute(installation.arguments("forget", user.openid()));
    assertThat(ended).returns(0, Program.Result::code).returns(List.of(), Program.Result::err);
    assertThat(ended.out()).first().isEqualTo("forgotten 1");
    assertThat(ended.out())
        .anyMatch(line -> line.startsWith(installation.topics().sessionKey()))
        .anyMatch(line -> line.startsWith(installation.applicationId() + "-users-changelog"))
        .as("nothing is held for ever")
        .noneMatch(line -> line.contains("it is "));
    // The key is known again; the click is older than the erasure.
    installation.login(user.openid(), user.login());
    RecordMetadata late =
        installation.publish(
            installation.topics().phonePayload(),
            null,
            user.openid(),
            user.click().json(),
            new RecordHeader(
                "wxphone.timestamp", Long.toString(click.timestamp()).getBytes(UTF_8)));
    ConsumerRecord<byte[], byte[]> letter = installation.answerTo(late);
    assertThat(TestRecords.header(letter, "wxphone.reason")).isEqualTo("SUPERSEDED");
    assertThat(installation.answers())
        .anyMatch(
            answer ->
                answer.value() == null
                    && answer.topic().equals(installation.topics().userProfile())
                    && new String(answer.key(), UTF_8).equals(user.openid()));
  }

  @Test
  void a_new_group_forgets_who_is_not_forgotten_yet_and_leaves_who_came_back() {
    TestUser back = new TestUser();
    TestUser gone = new TestUser();
    Program first = installation.run();
    for (TestUser user : List.of(back, gone)) {
      requireProfile(user);
    }
    assertThat(InProcess.execute(installation.arguments("forget", back.openid())).code()).isZero();
    requireProfile(back);
    first.terminate(Duration.ofSeconds(20));
    // As the command does, which would wait for somebody who reads it.
    installation.publish(
        installation.topics().sessionKey(),
        null,
        gone.openid().getBytes(UTF_8),
        (byte[]) null,
        new RecordHeader(HeaderNames.FORGET, "1".getBytes(UTF_8)));

    installation.run("-Dapplication.id=" + installation.applicationId() + "-2", "--start=latest");
    // Of the same openids, so that what is older of theirs is read.
    requireProfile(back);
    Program.await("the second is forgotten, too", () -> nulls(gone) == 1);
    assertThat(nulls(back)).isEqualTo(1);
  }

  /** Lets a user log in and click. */
  private void requireProfile(TestUser user) {
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    assertThat(installation.answerTo(click).topic()).isEqualTo(installation.topics().userProfile());
  }

  private long nulls(TestUser user) {
    return installation.records(installation.topics().userProfile()).stream()
        .filter(record -> record.value() == null)
        .filter(record -> new String(record.key(), UTF_8).equals(user.openid()))
        .count();
  }

  @Test
  void where_nobody_reads_it_says_so() {
    Program.Result ended = InProcess.execute(installation.arguments("forget", "o1", "o2"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).first().isEqualTo("forgotten 0");
    assertThat(ended.err())
        .containsExactly(
            "wxphone: 2 not forgotten yet: it is published, and done once wxphone run reads it");
  }
}
