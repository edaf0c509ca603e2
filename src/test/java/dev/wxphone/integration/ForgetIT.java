package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
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
  private final Installation at;

  ForgetIT(SharedBroker broker) {
    at = new Installation(broker);
  }

  @AfterEach
  void close() {
    at.close();
  }

  @Test
  void a_forgotten_person_has_no_profile_any_more_and_gets_none_of_an_old_click() {
    at.run();
    TestUser visitor = new TestUser();
    at.login(visitor.openid(), visitor.login());
    RecordMetadata click = at.click(visitor.openid(), visitor.click().json());
    assertThat(at.answerTo(click).topic()).isEqualTo(at.topics().userProfile());

    Program.Ended ended = InProcess.execute(at.arguments("forget", visitor.openid()));
    assertThat(ended).returns(0, Program.Ended::code).returns(List.of(), Program.Ended::err);
    assertThat(ended.out()).first().isEqualTo("forgotten 1");
    assertThat(ended.out())
        .anyMatch(line -> line.startsWith(at.topics().sessionKey()))
        .anyMatch(line -> line.startsWith(at.applicationId() + "-users-changelog"))
        .as("nothing is held for ever")
        .noneMatch(line -> line.contains("it is "));
    // The key is known again; the click is from before.
    at.login(visitor.openid(), visitor.login());
    RecordMetadata late =
        at.publish(
            at.topics().phonePayload(),
            null,
            visitor.openid(),
            visitor.click().json(),
            new RecordHeader(
                "wxphone.timestamp", Long.toString(click.timestamp()).getBytes(UTF_8)));
    ConsumerRecord<byte[], byte[]> letter = at.answerTo(late);
    assertThat(Installation.header(letter, "wxphone.reason")).isEqualTo("SUPERSEDED");
    assertThat(at.answers())
        .anyMatch(
            answer ->
                answer.value() == null
                    && answer.topic().equals(at.topics().userProfile())
                    && new String(answer.key(), UTF_8).equals(visitor.openid()));
  }

  @Test
  void where_nobody_reads_it_says_so() {
    Program.Ended ended = InProcess.execute(at.arguments("forget", "o1", "o2"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).first().isEqualTo("forgotten 0");
    assertThat(ended.err())
        .containsExactly(
            "wxphone: 2 not forgotten yet: it is published, and done once wxphone run reads it");
  }
}
