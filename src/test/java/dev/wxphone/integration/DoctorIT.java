package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.integration.kit.DoctorTestSupport;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.LocalPorts;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.tools.doctor.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code doctor} on an installation that is well, on no broker, and what it prints. */
final class DoctorIT extends DoctorTestSupport {
  DoctorIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  @Execution(CONCURRENT)
  void all_is_well_beside_a_processor_at_work_and_nothing_is_disturbed() throws Exception {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    installation.login(
        new TestUser().openid(), new TestUser().login().replaceFirst("\"openid\".*?,", ""));
    installation.publish(
        installation.topics().sessionKey(), null, new TestUser().openid().getBytes(UTF_8), null);
    installation.run();
    installation.answerTo(installation.click(user.openid(), user.click().json()));
    // A dead letter, from which the processor's clock is seen.
    RecordMetadata refusal = installation.click(user.openid(), "{\"errMsg\":\"x:fail user deny\"}");
    assertThat(installation.answerTo(refusal).topic())
        .isEqualTo(installation.topics().deadLetter());

    Program.Result ended = doctor();
    assertThat(findings(ended)).extracting(Finding::mark).containsOnly("ok");
    assertThat(findings(ended))
        .extracting(Finding::check)
        .containsExactly(
            "brokers",
            "rights",
            "topics",
            "partitions",
            "size limits",
            "retention",
            "transactions",
            "clocks",
            "group",
            "deleted unread",
            "partitioner",
            "clocks",
            "record times",
            "partitioner",
            "session keys",
            "record times",
            "inputs",
            "openids",
            "clocks",
            "dead letters",
            "answers");
    assertThat(ended.out()).last().isEqualTo("Nothing is wrong.");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();

    requireNothingCommittedTo(installation.topics().deadLetterAudit());
    assertThat(doctor("--json").code()).as("again, at once").isZero();
  }

  private void requireNothingCommittedTo(String topic) {
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(installation.kafka().ofReader())) {
      for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
        TopicPartition one = new TopicPartition(topic, partition);
        reader.assign(Set.of(one));
        reader.seekToBeginning(Set.of(one));
        long end = reader.endOffsets(Set.of(one)).getOrDefault(one, 0L);
        Program.await(
            "it is read to its end",
            () -> {
              assertThat(reader.poll(Duration.ofMillis(50)).isEmpty()).isTrue();
              return reader.position(one) >= end;
            });
      }
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_broker_that_can_not_be_reached_ends_it() {
    String address = "127.0.0.1:" + LocalPorts.free();
    Program.Result ended = doctor("--bootstrap-servers", address);
    assertThat(findings(ended))
        .containsExactly(
            new Finding(
                "WRONG",
                "brokers",
                "no Kafka broker answers at " + address + " within 15 s",
                "check --bootstrap-servers, and security.protocol where the cluster wants TLS or"
                    + " SASL"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  @Execution(CONCURRENT)
  void json_is_an_object_a_line_with_the_remedy() {
    List<JsonNode> objects = new ArrayList<>();
    Program.Result ended = doctor("--json");
    for (String line : ended.out()) {
      objects.add(json(line));
    }
    assertThat(objects)
        .hasSize(20)
        .allMatch(object -> object.path("check").isTextual())
        .allMatch(object -> object.path("seen").isTextual())
        .filteredOn(object -> object.path("outcome").asText().equals("wrong"))
        .singleElement()
        .matches(object -> object.path("check").asText().equals("group"))
        .matches(object -> object.path("remedy").asText().startsWith("start wxphone run"));
    assertThat(ended.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "doctor now",
        "doctor --since soon",
        "doctor --since 0s",
        "doctor --files not-there-but-usage --sideways",
        "doctor -Dwxphone.topic.dead-leter=x"
      })
  void wrong_usage_is_one_line_and_2(String arguments) {
    Program.Result ended = InProcess.execute(List.of(arguments.split(" ")));
    assertThat(ended.err()).singleElement().asString().startsWith("wxphone: ");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isEqualTo(2);
  }
}
