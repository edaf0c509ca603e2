package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/**
 * A broker that was killed may have lost who holds a static member's place, and tells the one who
 * does that it is another's. A consumer that takes the place shows the same without a broker's
 * kill.
 */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
final class FencedIT {
  private final Installation installation;

  FencedIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void who_is_fenced_takes_its_place_again() throws Exception {
    Program run = installation.run();
    answered();
    String place =
        Files.readString(
                installation
                    .stateDirectory()
                    .resolve(installation.applicationId())
                    .resolve("group.instance.id"))
            .strip();
    try (KafkaConsumer<byte[], byte[]> other = consumer(place + "-1")) {
      other.subscribe(
          List.of(installation.topics().phonePayload(), installation.topics().sessionKey()));
      Program.await(
          "another has the place",
          () -> {
            other.poll(Duration.ofMillis(100));
            ConsumerGroupMetadata member = other.groupMetadata();
            return member.generationId() > 0;
          });
      run.awaitErr(Pattern.compile("the place in the group was lost"));
    }
    answered();
    Program.Result ended = run.terminate(Duration.ofSeconds(10));
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).noneMatch(line -> line.startsWith("\tat "));
  }

  private void answered() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());
    assertThat(header(installation.answerTo(click), "wxphone.reason")).isNull();
  }

  private KafkaConsumer<byte[], byte[]> consumer(String place) {
    Map<String, Object> properties = new HashMap<>(installation.kafka().ofReader());
    properties.put("group.id", installation.applicationId());
    properties.put("group.instance.id", place);
    properties.put("partition.assignment.strategy", NoTasks.class.getName());
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The assignor of Kafka Streams by its name, which assigns nothing. */
  public static final class NoTasks implements ConsumerPartitionAssignor {
    @Override
    public @Nullable ByteBuffer subscriptionUserData(Set<String> topics) {
      return null;
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription subscriptions) {
      Map<String, Assignment> none = new HashMap<>();
      subscriptions
          .groupSubscription()
          .keySet()
          .forEach(member -> none.put(member, new Assignment(List.of())));
      return new GroupAssignment(none);
    }

    @Override
    public String name() {
      return "stream";
    }
  }
}
