package dev.wxphone.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.demo.broker.EmbeddedBroker;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.operator.OperatorException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TopicAdminIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private final AtomicInteger prefixes = new AtomicInteger();

  private EmbeddedBroker broker;
  private Admin admin;
  private TopicAdmin topics;

  @BeforeAll
  void aBroker() {
    broker = EmbeddedBroker.start(0, null);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    topics = new TopicAdmin(admin, new AdminCalls(broker.bootstrapServers(), TIMEOUT));
  }

  @AfterAll
  void end() {
    admin.close();
    broker.close();
  }

  @Test
  void apply_creates_all_topics_and_a_second_one_finds_nothing() {
    var desired = ownTopics();
    assertThat(topics.plan(desired).changes()).hasSize(5);
    assertThat(topics.apply(desired).changes())
        .hasSize(5)
        .allMatch(TopicChange.Create.class::isInstance);
    assertThat(topics.plan(desired).isEmpty()).isTrue();
    assertThat(topics.apply(desired).isEmpty()).isTrue();
    assertThat(topics.read(names(desired)).values())
        .hasSize(5)
        .allMatch(topic -> topic.partitions() == 8 && topic.leaderless() == 0);
  }

  @Test
  void a_setting_that_somebody_changed_is_put_back() throws Exception {
    var desired = ownTopics();
    topics.apply(desired);
    var letters = desired.get(3).name();
    new ShownTopics(admin).set(letters, "max.message.bytes", "1000000");
    assertThat(topics.apply(desired).changes())
        .containsExactly(
            new TopicChange.AlterConfig(letters, "max.message.bytes", "1000000", "2097152"));
    assertThat(topics.plan(desired).isEmpty()).isTrue();
  }

  @Test
  void a_partition_mismatch_is_refused_and_nothing_changes() throws Exception {
    var desired = ownTopics();
    new ShownTopics(admin).create(desired.get(0).name(), 4);
    assertThatThrownBy(() -> topics.apply(desired))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith("nothing was changed: " + desired.get(0).name() + " has 4")
        .hasMessageContaining("--partitions 4");
    assertThat(topics.read(names(desired))).containsOnlyKeys(desired.get(0).name());

    var four =
        desired.stream()
            .map(topic -> topic.overridden(OptionalInt.of(4), OptionalInt.empty()))
            .toList();
    topics.apply(four);
    assertThat(topics.plan(four).isEmpty()).isTrue();
  }

  @Test
  void dead_letters_grow() throws Exception {
    var desired = ownTopics();
    new ShownTopics(admin).create(desired.get(3).name(), 2);
    assertThat(topics.apply(desired).changes())
        .contains(new TopicChange.AddPartitions(desired.get(3).name(), 2, 8));
    assertThat(topics.plan(desired).isEmpty()).isTrue();
  }

  @Test
  void more_replicas_than_brokers_names_the_option() {
    var desired =
        ownTopics().stream()
            .map(topic -> topic.overridden(OptionalInt.empty(), OptionalInt.of(3)))
            .toList();
    assertThatThrownBy(() -> topics.apply(desired))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("give --replicas with at most the number of brokers");
  }

  @Test
  void what_kafka_refuses_for_one_topic_leaves_the_others_unmade() {
    var desired = new ArrayList<>(ownTopics());
    desired.set(4, desired.get(4).overridden(OptionalInt.empty(), OptionalInt.of(3)));
    assertThatThrownBy(() -> topics.apply(desired)).isInstanceOf(OperatorException.class);
    assertThat(topics.read(names(desired))).isEmpty();
  }

  @Test
  void what_the_broker_refuses_is_told_with_its_words() {
    var topic = ownTopics().get(4);
    var wrong =
        new DesiredTopic(
            topic.role(), topic.name(), 8, OptionalInt.empty(), Map.of("no.such", "1"));
    assertThatThrownBy(() -> topics.apply(List.of(wrong)))
        .isInstanceOf(OperatorException.class)
        .hasMessage(
            topic.name()
                + ": Kafka refuses (InvalidConfigurationException): Unknown topic config name:"
                + " no.such");
  }

  @Test
  void a_cluster_that_does_not_answer_is_told_in_one_line() throws Exception {
    // Bound, so that nobody else answers there, but never accepted from.
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = "127.0.0.1:" + silent.getLocalPort();
      try (var nobody = Admin.create(Map.of("bootstrap.servers", address))) {
        var deaf = new TopicAdmin(nobody, new AdminCalls(address, Duration.ofSeconds(1)));
        assertThatThrownBy(() -> deaf.plan(ownTopics()))
            .isInstanceOf(OperatorException.class)
            .hasMessageStartingWith("no Kafka broker answers at " + address + " within 1 s: check");
      }
    }
  }

  /** The bundled topics, under names that no other test uses. */
  private List<DesiredTopic> ownTopics() {
    var prefix = "t" + prefixes.incrementAndGet() + ".";
    return TopicFiles.bundled(Map.of()).stream()
        .map(
            topic ->
                new DesiredTopic(
                    topic.role(),
                    prefix + topic.name(),
                    topic.partitions(),
                    topic.replicas(),
                    topic.config()))
        .toList();
  }

  private static List<String> names(List<DesiredTopic> desired) {
    return desired.stream().map(DesiredTopic::name).toList();
  }
}
