package dev.wxphone.upgrade;

import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.json;
import static dev.wxphone.integration.kit.TestRecords.textHeader;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.books.Books;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** This program starts on what a release has left, and answers what waited and what is new. */
final class UpgradeIT {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  /** What is left of the state directory. */
  enum State {
    /** As the end of the release's {@code run} left it. */
    WHOLE,
    LOST
  }

  static Stream<Arguments> left() {
    return Fixture.all().stream()
        .flatMap(fixture -> Stream.of(State.values()).map(state -> Arguments.of(fixture, state)));
  }

  private final Path directory = SharedBroker.temporaryDirectory();

  @ParameterizedTest(name = "{0}, state {1}")
  @MethodSource("left")
  void what_a_release_left_is_answered_once(Fixture fixture, State state) throws IOException {
    fixture.unpack(directory);
    prepare(state);
    Path temporary = SharedBroker.temporaryDirectory();
    try (PlainBroker broker = new PlainBroker(directory.resolve(Fixture.KAFKA), temporary);
        Installation installation =
            Installation.alone(directory, broker.bootstrapServers(), Fixture.PARTITIONS)) {
      String payloads = installation.topics().phonePayload();
      long before = installation.records(payloads).size();
      long clickedAt =
          profiles(installation, Person.KNOWN).get(0).at("/watermark/timestamp").asLong();
      // Late for its deadline, which is long over, but there when this program starts.
      installation.login(Person.WAITING.openid(), Person.WAITING.login(0));
      installation.login(Person.FORGOTTEN.openid(), Person.FORGOTTEN.login(1));
      // The fixture's records are kept for ten years.
      Program run = installation.run("-Dwxphone.users.idle=P7300D");

      long now = System.currentTimeMillis() / 1000;
      RecordMetadata known = click(installation, Person.KNOWN, 0, now);
      RecordMetadata older = click(installation, Person.LOGGED_IN_THRICE, 0, now);
      RecordMetadata loggedOut = click(installation, Person.LOGGED_OUT, 0, now);
      RecordMetadata superseded = clickAt(installation, Person.KNOWN, 0, clickedAt - 1);
      RecordMetadata forgotten = clickAt(installation, Person.FORGOTTEN, 1, clickedAt - 1);

      Books books = installation.booksOf(before + 5);
      assertThat(books.balance()).as(books.toString()).isTrue();
      JsonNode profile = profile(installation.answerTo(known));
      assertThat(profile.path("phoneNumber").asText()).isEqualTo(Person.KNOWN.number());
      assertThat(profile.path("unionid").asText()).isEqualTo(Person.KNOWN.unionid());
      assertThat(profile.path("sessionKeyAge").asInt()).isZero();
      assertThat(profile(installation.answerTo(older)).path("sessionKeyAge").asInt()).isEqualTo(2);
      assertReason(installation.answerTo(loggedOut), "SESSION_KEY_MISSING");
      assertReason(installation.answerTo(superseded), "SUPERSEDED");
      assertReason(installation.answerTo(forgotten), "SUPERSEDED");

      assertThat(profiles(installation, Person.KNOWN)).hasSize(2);
      assertThat(profiles(installation, Person.WAITING)).hasSize(1);
      assertThat(header(newest(installation, Person.WAITING), "trace")).isEqualTo("kept");
      assertThat(profiles(installation, Person.UNREAD)).hasSize(1);
      assertReason(newest(installation, Person.REPLAYED), "SESSION_KEY_MISSING");
      assertThat(header(newest(installation, Person.REPLAYED), "wxphone.attempt")).isEqualTo("2");
      assertReason(newest(installation, Person.STALE), "SESSION_KEY_STALE");
      assertThat(run.terminate(TEN_SECONDS).code()).isZero();
      broker.stop();
    } finally {
      SharedBroker.delete(temporary);
    }
  }

  private void prepare(State state) throws IOException {
    Path app = directory.resolve(Fixture.STATE).resolve("wxphone");
    if (state == State.LOST) {
      SharedBroker.delete(directory.resolve(Fixture.STATE));
      return;
    }
    // As if it had been left just now: what is older than some days would be removed.
    Files.writeString(app.resolve("followed"), Long.toString(Instant.now().toEpochMilli()));
  }

  private static RecordMetadata click(
      Installation installation, Person person, int login, long seconds) {
    return installation.click(person.openid(), person.click(login, seconds));
  }

  /** Publishes a click of before, which its record's time allows. */
  private static RecordMetadata clickAt(
      Installation installation, Person person, int login, long seconds) {
    return installation.publish(
        installation.topics().phonePayload(),
        null,
        person.openid(),
        person.click(login, seconds),
        textHeader("wxphone.timestamp", Long.toString(seconds * 1000)));
  }

  private static JsonNode profile(ConsumerRecord<byte[], byte[]> answer) {
    assertThat(answer.topic()).as(new String(answer.value(), UTF_8)).isEqualTo("user-profile");
    return json(answer.value());
  }

  private static void assertReason(ConsumerRecord<byte[], byte[]> answer, String reason) {
    assertThat(header(answer, "wxphone.reason")).isEqualTo(reason);
  }

  private static List<JsonNode> profiles(Installation installation, Person person) {
    return answers(installation, installation.topics().userProfile(), person).stream()
        .filter(record -> record.value() != null)
        .map(record -> json(record.value()))
        .toList();
  }

  private static ConsumerRecord<byte[], byte[]> newest(Installation installation, Person person) {
    List<ConsumerRecord<byte[], byte[]>> all =
        new ArrayList<>(answers(installation, installation.topics().userProfile(), person));
    all.addAll(answers(installation, installation.topics().deadLetter(), person));
    assertThat(all).as(person.name()).hasSize(1);
    return all.get(0);
  }

  private static List<ConsumerRecord<byte[], byte[]>> answers(
      Installation installation, String topic, Person person) {
    return installation.records(topic).stream()
        .filter(record -> person.openid().equals(new String(record.key(), UTF_8)))
        .toList();
  }
}
