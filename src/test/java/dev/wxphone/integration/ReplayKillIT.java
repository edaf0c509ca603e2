package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.json;
import static dev.wxphone.integration.kit.TestRecords.textHeader;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.books.Books;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.schemas.Schemas;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/**
 * Kills a replay at random moments and starts it again each time. Each payload must be sent once,
 * as it was received. With {@code -Dwxphone.soak=true} it is killed more often.
 */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
final class ReplayKillIT {
  private static final boolean SOAK = Boolean.getBoolean("wxphone.soak");
  private static final int LETTERS = 5_000;
  private static final int KILLS_WHILE_SENDING = SOAK ? 80 : 16;
  private static final int KILLS_WHILE_STARTING = SOAK ? 20 : 4;
  private static final Duration POLL = Duration.ofMillis(20);

  /** The time in which a replay begins to send on an idle machine. */
  private static final Duration START_TIME = Duration.ofMillis(2_500);

  private enum Moment {
    STARTING,
    SENDING
  }

  /** A click and its timestamp. */
  private record Click(ProducerRecord<byte[], byte[]> record, long timestamp) {}

  private final long seed = Long.getLong("wxphone.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Installation installation;

  ReplayKillIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void end() {
    installation.close();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void each_payload_is_sent_once_as_it_was_received_whenever_the_replay_is_killed() {
    print("seed %d: %d letters".formatted(seed, LETTERS));
    installation.run("-Dwxphone.session.wait=PT0S");
    List<TestUser> users = new ArrayList<>();
    for (int i = 0; i < LETTERS; i++) {
      users.add(new TestUser());
    }
    Map<String, Click> clicks = click(users);
    installation.awaitAnswers(LETTERS);
    installation.publishAll(
        users.stream()
            .map(
                user ->
                    new ProducerRecord<>(
                        installation.topics().sessionKey(),
                        user.openid().getBytes(UTF_8),
                        user.login().getBytes(UTF_8)))
            .toList());

    killAtRandomMoments();
    Program.Result last = replay().awaitExit();
    assertThat(last.code()).as("seed %d: %s", seed, last).isZero();

    installation.awaitAnswers(2 * LETTERS);
    Map<String, ConsumerRecord<byte[], byte[]>> letters =
        byUniqueName(installation.records(installation.topics().deadLetter()), TestRecords::id);
    assertThat(letters).as("seed %d", seed).hasSize(LETTERS);
    requireSentOnce(letters, clicks);
    requireAuditedOnce(letters.keySet());
    requireProfilesOnce(letters.keySet());
    assertThat(installation.booksOf(2 * LETTERS)).as("seed %d", seed).returns(true, Books::balance);
  }

  private Program replay() {
    return installation.startCommand(
        "replay", "--yes", "--rate", "600/s", "-Dwxphone.session.wait=PT5S");
  }

  /** Publishes one click per user, some with unusual headers or values; returns them by source. */
  private Map<String, Click> click(List<TestUser> users) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      TestUser user = users.get(i);
      Clicks click = user.click();
      List<Header> headers = new ArrayList<>(List.of(new RecordHeader("trace", bytes(i))));
      switch (i % 10) {
        case 1 -> {
          headers.add(new RecordHeader("hop", "a".getBytes(UTF_8)));
          headers.add(new RecordHeader("trace", "again".getBytes(UTF_8)));
          headers.add(new RecordHeader("hop", "a".getBytes(UTF_8)));
        }
        case 2 -> headers.add(new RecordHeader("nothing", (byte[]) null));
        case 3 -> headers.add(new RecordHeader("binary", new byte[] {0, -1, (byte) 0xC3, 10, 13}));
        case 4 -> headers.clear();
        case 5 -> headers.add(new RecordHeader("", new byte[0]));
        case 6 ->
            click.dataText(
                text -> text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"));
        case 7 -> {
          headers.add(0, new RecordHeader("wxphone.attempt", "4711".getBytes(UTF_8)));
          headers.add(new RecordHeader("__streams.errors.message", "x".getBytes(UTF_8)));
        }
        default -> {}
      }
      records.add(
          new ProducerRecord<>(
              installation.topics().phonePayload(),
              null,
              user.openid().getBytes(UTF_8),
              (click.json() + " ".repeat(i % 3)).getBytes(UTF_8),
              headers));
    }
    List<RecordMetadata> sent = installation.publishAll(records);
    Map<String, Click> clicks = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      clicks.put(
          TestRecords.source(sent.get(i)), new Click(records.get(i), sent.get(i).timestamp()));
    }
    return clicks;
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private void killAtRandomMoments() {
    List<Moment> moments = new ArrayList<>();
    moments.addAll(Collections.nCopies(KILLS_WHILE_SENDING, Moment.SENDING));
    moments.addAll(Collections.nCopies(KILLS_WHILE_STARTING, Moment.STARTING));
    Collections.shuffle(moments, random);
    Map<String, Object> uncommitted = new HashMap<>(installation.kafka().ofReader());
    uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> audit = new KafkaConsumer<>(uncommitted)) {
      List<TopicPartition> partitions =
          Installation.partitions(audit, installation.topics().deadLetterAudit());
      audit.assign(partitions);
      audit.seekToBeginning(partitions);
      Set<String> seen = new HashSet<>();
      long written = 0;
      long sending = KILLS_WHILE_SENDING;
      for (Moment moment : moments) {
        Program replay = replay();
        // Leaves dead letters for the last replay, whatever is drawn.
        long more =
            moment == Moment.SENDING
                ? 1 + (long) (random.nextDouble() * 1.5 * (LETTERS - seen.size()) / (sending-- + 1))
                : Long.MAX_VALUE;
        long soon = System.nanoTime() + (long) (random.nextDouble() * START_TIME.toNanos());
        long before = written;
        while (moment == Moment.SENDING
            ? written - before < more && replay.isAlive()
            : System.nanoTime() - soon < 0) {
          written += read(audit, seen);
        }
        Program.Result killed = replay.kill();
        written += read(audit, seen);
        print(
            "killed while %s: %,5d audit records written by it, %,5d letters by all"
                .formatted(moment, written - before, seen.size()));
        assertThat(killed.code()).as("seed %d: %s", seed, killed).isEqualTo(128 + 9);
      }
      // Records of transactions that a kill has aborted.
      print(
          "%,d records were written in vain"
              .formatted(
                  written - installation.records(installation.topics().deadLetterAudit()).size()));
    }
  }

  private static int read(KafkaConsumer<byte[], byte[]> audit, Set<String> seen) {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : audit.poll(POLL)) {
      seen.add(new String(record.key(), UTF_8));
      count++;
    }
    return count;
  }

  private void requireSentOnce(
      Map<String, ConsumerRecord<byte[], byte[]>> letters, Map<String, Click> clicks) {
    Map<String, ConsumerRecord<byte[], byte[]>> sent =
        byUniqueName(
            installation.records(installation.topics().phonePayload()).stream()
                .filter(payload -> header(payload, HeaderNames.REPLAYED_FROM) != null)
                .toList(),
            payload -> header(payload, HeaderNames.REPLAYED_FROM));
    assertThat(sent.keySet()).as("seed %d", seed).isEqualTo(letters.keySet());
    sent.forEach(
        (id, payload) -> {
          Click click =
              Objects.requireNonNull(
                  clicks.get(header(Objects.requireNonNull(letters.get(id)), HeaderNames.SOURCE)));
          assertThat(payload.key()).as("seed %d, %s", seed, id).isEqualTo(click.record().key());
          assertThat(payload.value()).as("seed %d, %s", seed, id).isEqualTo(click.record().value());
          List<String> expected = new ArrayList<>();
          for (Header received : click.record().headers()) {
            if (!received.key().startsWith("wxphone.")
                && !received.key().startsWith("__streams.errors.")) {
              expected.add(shown(received));
            }
          }
          expected.add(shown(textHeader(HeaderNames.TIMESTAMP, click.timestamp() + "")));
          expected.add(shown(textHeader(HeaderNames.ATTEMPT, "2")));
          expected.add(shown(textHeader(HeaderNames.REPLAYED_FROM, id)));
          assertThat(Arrays.stream(payload.headers().toArray()).map(ReplayKillIT::shown))
              .as("seed %d, %s", seed, id)
              .containsExactlyElementsOf(expected);
        });
  }

  private static String shown(Header header) {
    return header.key() + "=" + Arrays.toString(header.value());
  }

  private void requireAuditedOnce(Set<String> ids) {
    Map<String, ConsumerRecord<byte[], byte[]>> audit =
        byUniqueName(
            installation.records(installation.topics().deadLetterAudit()),
            entry -> new String(entry.key(), UTF_8));
    assertThat(audit.keySet()).as("seed %d", seed).isEqualTo(ids);
    Schemas schema = Schemas.of("dead-letter-audit");
    String topicId = topicId();
    audit.forEach(
        (id, entry) -> {
          assertThat(schema.errors(entry.value())).as("seed %d, %s", seed, id).isEmpty();
          JsonNode fields = json(entry.value());
          assertThat(fields.path("action").textValue()).isEqualTo("replayed");
          assertThat(fields.path("deadLetterTopicId").textValue()).isEqualTo(topicId);
        });
  }

  private void requireProfilesOnce(Set<String> ids) {
    List<ConsumerRecord<byte[], byte[]>> profiles =
        installation.records(installation.topics().userProfile());
    assertThat(
            byUniqueName(profiles, profile -> header(profile, HeaderNames.REPLAYED_FROM)).keySet())
        .as("seed %d", seed)
        .isEqualTo(ids);
    // Each user clicked once.
    assertThat(byUniqueName(profiles, profile -> new String(profile.key(), UTF_8)))
        .as("seed %d", seed)
        .hasSize(LETTERS);
  }

  private String topicId() {
    try (Admin admin = installation.admin()) {
      String topic = installation.topics().deadLetter();
      return Objects.requireNonNull(
              admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
          .topicId()
          .toString();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the records by their names, of which no two may be equal. */
  private Map<String, ConsumerRecord<byte[], byte[]>> byUniqueName(
      List<ConsumerRecord<byte[], byte[]>> records,
      Function<ConsumerRecord<byte[], byte[]>, String> name) {
    Map<String, List<ConsumerRecord<byte[], byte[]>>> named =
        records.stream().collect(Collectors.groupingBy(name));
    named.forEach((one, all) -> assertThat(all).as("seed %d, %s", seed, one).hasSize(1));
    return named.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(0)));
  }

  private static void print(String line) {
    System.out.println("ReplayKillIT  " + line);
  }
}
