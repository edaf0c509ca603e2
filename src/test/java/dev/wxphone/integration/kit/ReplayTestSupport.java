package dev.wxphone.integration.kit;

import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.id;
import static dev.wxphone.integration.kit.TestRecords.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Publishes clicks that fail, and runs {@code replay} and {@code dead-letters} on their dead
 * letters.
 */
@ExtendWith(SharedBroker.Extension.class)
public abstract class ReplayTestSupport {
  /** Clicks without a session key become dead letters at once. */
  protected static final String NO_WAIT = "-Dwxphone.session.wait=PT0S";

  protected final Installation installation;

  protected ReplayTestSupport(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  protected void close() {
    installation.close();
  }

  protected static List<TestUser> newUsers(int count) {
    return IntStream.range(0, count).mapToObj(number -> new TestUser()).toList();
  }

  protected RecordMetadata click(TestUser user, Header... headers) {
    return installation.publish(
        installation.topics().phonePayload(), null, user.openid(), user.click().json(), headers);
  }

  protected RecordMetadata click(TestUser user, Clicks click) {
    return installation.click(user.openid(), click.json());
  }

  protected void login(TestUser user) {
    installation.login(user.openid(), user.login());
  }

  /** Publishes a click without a login, and returns the id of its dead letter. */
  protected String failedClick(TestUser user) {
    return deadLetterOf(click(user));
  }

  protected List<String> failedClicks(List<TestUser> users) {
    List<RecordMetadata> clicks = users.stream().map(user -> click(user)).toList();
    return clicks.stream().map(this::deadLetterOf).toList();
  }

  protected String deadLetterOf(RecordMetadata record) {
    ConsumerRecord<byte[], byte[]> letter = installation.answerTo(record);
    assertThat(letter.topic()).isEqualTo(installation.topics().deadLetter());
    return id(letter);
  }

  protected Program.Result execute(String command, String... more) {
    return InProcess.execute(
        installation.arguments(
            Stream.concat(Stream.of(command), Arrays.stream(more)).toArray(String[]::new)));
  }

  protected Program.Result replay(String... more) {
    return execute(
        "replay",
        Stream.concat(Stream.of(NO_WAIT, "--json"), Arrays.stream(more)).toArray(String[]::new));
  }

  protected Program.Result deadLetters(String what, String... more) {
    return execute(
        "dead-letters",
        Stream.concat(Stream.of(what, "--json"), Arrays.stream(more)).toArray(String[]::new));
  }

  protected static JsonNode report(Program.Result ended) {
    assertThat(ended.out()).as(ended + "").isNotEmpty();
    return json(ended.out().get(ended.out().size() - 1));
  }

  /** Returns the counts of a dry run by their JSON keys. */
  protected Map<String, Long> plan(String... more) {
    Program.Result ended =
        replay(Stream.concat(Stream.of("--dry-run"), Arrays.stream(more)).toArray(String[]::new));
    assertThat(ended.code()).as(ended + "").isZero();
    Map<String, Long> counts = new HashMap<>();
    for (String line : ended.out()) {
      json(line)
          .properties()
          .forEach(
              field -> {
                if (field.getValue().isNumber()) {
                  counts.merge(field.getKey(), field.getValue().asLong(), Long::sum);
                }
              });
    }
    return counts;
  }

  /** Returns how many dead letters a filter selects. */
  protected long count(String... filter) {
    return plan(filter).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the status of each listed dead letter by id, with the reason it would fail with. */
  protected Map<String, String> statuses(String... more) {
    Program.Result ended =
        deadLetters(
            "list", Stream.concat(Stream.of("--all"), Arrays.stream(more)).toArray(String[]::new));
    assertThat(ended.code()).as(ended + "").isZero();
    Map<String, String> statuses = new LinkedHashMap<>();
    for (String line : ended.out()) {
      JsonNode row = json(line);
      String reason = row.path("wouldFailWith").asText("");
      statuses.put(row.path("id").asText(), (row.path("standing").asText() + " " + reason).strip());
    }
    return statuses;
  }

  protected @Nullable String status(String id) {
    String status = statuses("--again", "--id", id).get(id);
    return status == null ? null : status.split(" ", -1)[0];
  }

  /** Returns the payloads that replays have sent. */
  protected List<ConsumerRecord<byte[], byte[]>> replayedPayloads() {
    return installation.records(installation.topics().phonePayload()).stream()
        .filter(payload -> header(payload, HeaderNames.REPLAYED_FROM) != null)
        // Forged payloads here have this header too; no replay writes it.
        .filter(payload -> payload.headers().lastHeader(HeaderNames.SOURCE) == null)
        .toList();
  }

  protected List<String> replayedIds() {
    return replayedPayloads().stream()
        .map(payload -> String.valueOf(header(payload, HeaderNames.REPLAYED_FROM)))
        .toList();
  }

  protected List<ConsumerRecord<byte[], byte[]>> audit() {
    return installation.records(installation.topics().deadLetterAudit());
  }

  protected List<String> auditedIds() {
    return audit().stream().map(entry -> new String(entry.key(), UTF_8)).toList();
  }

  /** Returns the only answer to the only replay of a dead letter. */
  protected ConsumerRecord<byte[], byte[]> answerToReplayOf(String id) {
    List<ConsumerRecord<byte[], byte[]>> payloads =
        replayedPayloads().stream()
            .filter(payload -> id.equals(header(payload, HeaderNames.REPLAYED_FROM)))
            .toList();
    assertThat(payloads).hasSize(1);
    ConsumerRecord<byte[], byte[]> payload = payloads.get(0);
    String source = payload.topic() + "-" + payload.partition() + "@" + payload.offset();
    List<ConsumerRecord<byte[], byte[]>> answers = new ArrayList<>();
    Program.await(
        "there is an answer to " + source,
        () -> {
          Stream.of(installation.topics().userProfile(), installation.topics().deadLetter())
              .flatMap(topic -> installation.records(topic).stream())
              .filter(answer -> source.equals(header(answer, HeaderNames.SOURCE)))
              .forEach(answers::add);
          return !answers.isEmpty();
        });
    assertThat(answers).hasSize(1);
    assertThat(header(answers.get(0), HeaderNames.REPLAYED_FROM)).isEqualTo(id);
    return answers.get(0);
  }

  protected Map<TopicPartition, Long> allEndOffsets() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    installation
        .topics()
        .byDefaultName()
        .values()
        .forEach(topic -> ends.putAll(installation.endOffsets(topic)));
    return ends;
  }
}
