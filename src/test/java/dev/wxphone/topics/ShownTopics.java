package dev.wxphone.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.kafka.AdminCalls;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What a test changes in topics without {@code topics apply}. The controller answers some time
 * before the broker shows the change to others, so each of these waits for that.
 */
public final class ShownTopics {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Admin admin;
  private final TopicAdmin topics;

  /** Works through an open client, which remains the caller's to close. */
  public ShownTopics(Admin admin) {
    this.admin = admin;
    this.topics = new TopicAdmin(admin, new AdminCalls("the test's broker", LONG));
  }

  /** Makes a topic with the broker's own settings. */
  public void create(String topic, int partitions) {
    done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
    until(topic, actual -> has(actual, partitions));
  }

  /** Gives topics more partitions. */
  public void grow(int partitions, String... names) {
    var more =
        Arrays.stream(names)
            .collect(
                Collectors.toMap(
                    Function.identity(), name -> NewPartitions.increaseTo(partitions)));
    done(admin.createPartitions(more).all());
    for (var name : names) {
      until(name, actual -> has(actual, partitions));
    }
  }

  /** Sets one setting of a topic. */
  public void set(String topic, String key, String value) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    done(admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
    until(topic, actual -> actual != null && value.equals(actual.config().get(key)));
  }

  /** Deletes topics. */
  public void delete(String... names) {
    done(admin.deleteTopics(List.of(names)).all());
    for (var name : names) {
      until(name, Objects::isNull);
    }
  }

  private void until(String topic, Predicate<@Nullable ActualTopic> asWanted) {
    var end = System.nanoTime() + LONG.toNanos();
    while (true) {
      if (asWanted.test(topics.read(List.of(topic)).get(topic))) {
        return;
      }
      assertThat(System.nanoTime()).as("%s is shown in time", topic).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static boolean has(@Nullable ActualTopic topic, int partitions) {
    return topic != null && topic.partitions() == partitions && topic.leaderless() == 0;
  }

  private static void done(KafkaFuture<Void> future) {
    try {
      future.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
