package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
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
  void where_nobody_reads_it_says_so() {
    Program.Result ended = InProcess.execute(installation.arguments("forget", "o1", "o2"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).first().isEqualTo("forgotten 0");
    assertThat(ended.err())
        .containsExactly(
            "wxphone: 2 not forgotten yet: it is published, and done once wxphone run reads it");
  }
}
