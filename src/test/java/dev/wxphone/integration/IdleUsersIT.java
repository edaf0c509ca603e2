package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/** What {@code run} has stored of a user goes with time, from its changelog too. */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
final class IdleUsersIT {
  private static final String[] HASTY = {
    "-Dwxphone.users.idle=PT8S", "-Dwxphone.watermark.max-age=PT5S", "-Dwxphone.session.wait=PT1S"
  };

  private final Installation installation;

  IdleUsersIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void an_idle_user_is_gone_from_the_store_and_its_changelog() throws Exception {
    installation.changeTopics(
        topics -> topics.set(installation.topics().deadLetter(), "retention.ms", "1000"));
    Program run = installation.run(HASTY);
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    assertThat(header(installation.answerTo(click), "wxphone.reason")).isNull();
    run.awaitMetric("wxphone_idle_users_total", 1);
    Program.await("its changelog has a tombstone", () -> newestState(user) == null);

    RecordMetadata again = installation.click(user.openid(), user.click().json());
    assertThat(header(installation.answerTo(again), "wxphone.reason"))
        .isEqualTo("SESSION_KEY_MISSING");
    assertThat(run.terminate(Duration.ofSeconds(10)).code()).isZero();
  }

  private byte[] newestState(TestUser user) {
    byte[] openid = user.openid().getBytes(UTF_8);
    List<ConsumerRecord<byte[], byte[]>> states =
        installation.records(installation.applicationId() + "-users-changelog").stream()
            .filter(record -> Arrays.equals(record.key(), openid))
            .toList();
    return states.get(states.size() - 1).value();
  }
}
