package dev.wxphone.demo.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.operator.OperatorException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerIT {

  @Test
  void data_survives_a_restart_on_the_same_directory(@TempDir Path parent) throws Exception {
    var directory = parent.resolve("not-there-yet");
    try (var broker = EmbeddedBroker.start(0, directory)) {
      try (var admin = Admin.create(client(broker))) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      }
      try (var producer =
          new KafkaProducer<>(client(broker), new StringSerializer(), new StringSerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        var sent = producer.send(new ProducerRecord<>("kept", "key", "value"));
        producer.commitTransaction();
        sent.get();
      }
    }
    try (var broker = EmbeddedBroker.start(0, directory);
        var consumer =
            new KafkaConsumer<>(
                client(broker), new StringDeserializer(), new StringDeserializer())) {
      var partition = new TopicPartition("kept", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      assertThat(consumer.poll(Duration.ofSeconds(30)))
          .singleElement()
          .satisfies(record -> assertThat(record.value()).isEqualTo("value"));
    }
  }

  @Test
  void a_temporary_directory_vanishes_at_close() throws IOException {
    var before = temporaryDirectories();
    try (var broker = EmbeddedBroker.start(0, null)) {
      assertThat(broker.bootstrapServers()).matches("127\\.0\\.0\\.1:\\d+");
      assertThat(added(before)).hasSize(1);
    }
    assertThat(added(before)).isEmpty();
  }

  @Test
  void no_thread_that_keeps_the_jvm_alive_outlives_a_broker() {
    var before = Thread.getAllStackTraces().keySet();
    EmbeddedBroker.start(0, null).close();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread) && thread.isAlive() && !thread.isDaemon())
        .isEmpty();
  }

  @Test
  void a_port_in_use_is_said_in_one_line_and_leaves_nothing_behind() throws IOException {
    var before = temporaryDirectories();
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(port, null))
          .isInstanceOf(OperatorException.class)
          .hasMessage(
              "port %d is in use on 127.0.0.1: choose another with --port, or 0 for a free one",
              port);
    }
    assertThat(added(before)).isEmpty();
  }

  @Test
  void two_brokers_do_not_share_a_directory(@TempDir Path directory) throws Exception {
    try (var broker = EmbeddedBroker.start(0, directory)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(0, directory))
          .isInstanceOf(OperatorException.class)
          .hasMessageContaining("is in use by another broker");
      try (var admin = Admin.create(client(broker))) {
        assertThat(admin.describeCluster().nodes().get()).hasSize(1);
      }
    }
  }

  @Test
  void a_directory_of_something_else_is_left_alone(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("thesis.txt"), "…");
    assertThatThrownBy(() -> EmbeddedBroker.start(0, directory))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("holds files but no broker's data");
    assertThat(directory).isDirectoryContaining("glob:**thesis.txt");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void what_is_to_end_before_the_broker_still_reaches_it_last_given_first() throws Exception {
    var order = new ArrayList<String>();
    var broker = EmbeddedBroker.start(0, null);
    broker.beforeClose(() -> order.add("first given, " + nodes(broker) + " node"));
    broker.beforeClose(() -> order.add("last given, " + nodes(broker) + " node"));
    broker.close();
    broker.close();
    assertThat(order).containsExactly("last given, 1 node", "first given, 1 node");
  }

  private static int nodes(EmbeddedBroker broker) {
    try (var admin = Admin.create(client(broker))) {
      return admin.describeCluster().nodes().get().size();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> client(EmbeddedBroker broker) {
    return Map.of(
        "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "embedded-broker-it");
  }

  private static Set<Path> added(Set<Path> before) throws IOException {
    var added = new HashSet<>(temporaryDirectories());
    added.removeAll(before);
    return added;
  }

  private static Set<Path> temporaryDirectories() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("wxphone-broker-"))
          .collect(Collectors.toSet());
    }
  }
}
