package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs {@code doctor} on an installation, and reads its findings. */
@ExtendWith(SharedBroker.Extension.class)
public abstract class DoctorTestSupport {
  /** A line of {@code doctor}, with the remedy below it; empty if there is none. */
  public record Finding(String mark, String check, String seen, String remedy) {}

  protected final Installation installation;

  private @Nullable KafkaConsumer<byte[], byte[]> member;

  protected DoctorTestSupport(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  protected void close() {
    leaveGroup();
    installation.close();
  }

  /** Joins the processor's group with a member that has read everything and reads no more. */
  protected void joinGroup() {
    Map<String, Object> config = installation.kafka().ofReader();
    config.put("group.id", installation.applicationId());
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config);
    member = consumer;
    consumer.subscribe(
        List.of(installation.topics().phonePayload(), installation.topics().sessionKey()));
    Program.await(
        "it has its partitions",
        () -> {
          consumer.poll(Duration.ofMillis(50));
          return consumer.assignment().size() == 2 * Installation.PARTITIONS;
        });
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    consumer
        .endOffsets(consumer.assignment())
        .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
    consumer.commitSync(ends);
  }

  protected void leaveGroup() {
    if (member != null) {
      member.close();
      member = null;
    }
  }

  protected KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = installation.kafka().ofPublisher();
    config.putAll(more);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  protected DeadLetterId publishDeadLetter(Reason reason, Instant failedAt) {
    RecordCoordinates source = new RecordCoordinates(installation.topics().phonePayload(), 0, 0);
    Headers none = new RecordHeaders();
    Provenance origin = Provenance.of(none, source, failedAt.toEpochMilli());
    byte[] openid = new TestUser().openid().getBytes(UTF_8);
    OutgoingDeadLetter letter =
        OutgoingDeadLetter.ofPayload(
            new ReceivedRecord(openid, "{}".getBytes(UTF_8), none, source, origin),
            new OutgoingDeadLetter.Cause(reason, "It is so.", 0),
            failedAt);
    RecordMetadata sent =
        installation.publish(
            installation.topics().deadLetter(),
            null,
            letter.key(),
            letter.value(),
            letter.headers().toArray());
    return new DeadLetterId(sent.partition(), sent.offset());
  }

  protected Program.Result doctor(String... more) {
    List<String> command = new ArrayList<>(List.of("doctor"));
    command.addAll(List.of(more));
    return InProcess.execute(installation.arguments(command.toArray(String[]::new)));
  }

  protected static void requireWrong(Program.Result ended, Finding expected) {
    assertThat(onlyWrong(ended)).isEqualTo(expected);
  }

  /** Returns the only finding that is not ok, for which the exit code is 1. */
  protected static Finding onlyWrong(Program.Result ended) {
    List<Finding> wrong =
        findings(ended).stream().filter(finding -> !finding.mark().equals("ok")).toList();
    assertThat(wrong).as(String.join("\n", ended.out())).hasSize(1);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(1);
    return wrong.get(0);
  }

  protected static List<Finding> findings(Program.Result ended) {
    List<Finding> findings = new ArrayList<>();
    for (String line : ended.out().subList(0, Math.max(0, ended.out().size() - 2))) {
      if (line.startsWith("       → ")) {
        Finding last = findings.remove(findings.size() - 1);
        findings.add(new Finding(last.mark(), last.check(), last.seen(), line.substring(9)));
      } else {
        findings.add(
            new Finding(
                line.substring(0, 6).strip(),
                line.substring(7, 21).strip(),
                line.substring(23),
                ""));
      }
    }
    return findings;
  }
}
