package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.books.Books;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.integration.kit.Bombs;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/** {@code wxphone skip}, and how {@code run} ends before a record that it can't read. */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
class SkipIT {
  private static final Pattern LINE =
      Pattern.compile(
          "wxphone: out of memory at (\\S+), .*go past it with wxphone skip (\\S+), .*");

  private final Installation installation;

  SkipIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void a_record_larger_than_the_memory_is_named_and_skipped_and_all_others_are_answered() {
    String payloads = installation.topics().phonePayload();
    List<RecordMetadata> clicks = new ArrayList<>();
    TestUser user = TestUser.inPartition(0);
    TestUser other = TestUser.inPartition(1);
    // A newer profile would supersede what is replayed.
    TestUser behindIt = TestUser.inPartition(0);
    login(user);
    login(other);
    login(behindIt);
    for (int i = 0; i < 20; i++) {
      clicks.add(click(user));
      clicks.add(click(other));
    }
    List<RecordMetadata> batch =
        Bombs.publish(
            installation.kafka(),
            payloads,
            0,
            List.of(
                entry(user.openid(), user.click().json()),
                entry(user.openid(), Bombs.BOMB),
                entry(behindIt.openid(), behindIt.click().json()),
                entry(behindIt.openid(), behindIt.click().json())));
    clicks.add(batch.get(0));
    clicks.add(click(user));
    clicks.add(click(other));
    RecordMetadata keyBomb =
        Bombs.publish(
                installation.kafka(),
                installation.topics().sessionKey(),
                1,
                List.of(entry(other.openid(), Bombs.BOMB)))
            .get(0);
    // A login behind the record that can't be read, and a click that needs it.
    TestUser late = TestUser.inPartition(1);
    login(late);
    clicks.add(click(late));

    RecordMetadata bomb = batch.get(1);
    List<String> named = new ArrayList<>(List.of(runUntilNamed(), ""));
    assertThat(named.get(0)).isIn(name(bomb), name(keyBomb));
    refusedAtOtherOffsets(named.get(0));
    skip(named.get(0));
    named.set(1, runUntilNamed());
    assertThat(named).containsExactlyInAnyOrder(name(bomb), name(keyBomb));
    namedByTools(bomb, keyBomb);
    skip(named.get(1));

    Program run = installation.run();
    for (RecordMetadata click : clicks) {
      assertThat(installation.answerTo(click).topic())
          .as(name(click))
          .isEqualTo(installation.topics().userProfile());
    }
    refusedWhileItRuns(name(bomb));
    ConsumerRecord<byte[], byte[]> letter = installation.answerTo(bomb);
    assertThat(letter.value()).isNull();
    assertThat(new String(letter.key(), UTF_8)).isEqualTo(user.openid());
    assertThat(Map.of("reason", header(letter, "reason"), "recovery", header(letter, "recovery")))
        .isEqualTo(Map.of("reason", "MALFORMED_PAYLOAD", "recovery", "never"));
    assertThat(header(letter, "withheld")).isEqualTo("" + Bombs.BYTES);
    for (RecordMetadata behind : batch.subList(2, 4)) {
      ConsumerRecord<byte[], byte[]> good = installation.answerTo(behind);
      assertThat(header(good, "reason")).isEqualTo("PROCESSING_FAILED");
      assertThat(header(good, "recovery")).isEqualTo("replay");
      assertThat(good.value()).isNotNull();
    }
    assertThat(header(installation.answerTo(keyBomb), "reason")).isEqualTo("MALFORMED_SESSION_KEY");

    RecordMetadata withoutLogin = click(TestUser.inPartition(1));
    assertThat(header(installation.answerTo(withoutLogin), "reason"))
        .isEqualTo("SESSION_KEY_MISSING");
    namedByReplay(keyBomb);
    Program.Result replayed = InProcess.execute(installation.arguments("replay", "--yes"));
    assertThat(replayed).returns(0, Program.Result::code);
    Books books = installation.booksOf(clicks.size() + 4 + 2);
    assertThat(books.balance()).as(books.toString()).isTrue();
    assertThat(books.profiles()).isEqualTo(clicks.size() + 2);
    run.terminate(Duration.ofSeconds(20));
  }

  private RecordMetadata click(TestUser user) {
    return installation.click(user.openid(), user.click().json());
  }

  private void login(TestUser user) {
    installation.login(user.openid(), user.login());
  }

  private static String name(RecordMetadata at) {
    return new RecordCoordinates(at.topic(), at.partition(), at.offset()).toString();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return String.valueOf(TestRecords.header(record, "wxphone." + name));
  }

  /** Returns the record that the last line of a run names. */
  private String runUntilNamed() {
    Program.Result ended = installation.startRun(Map.of()).awaitExit();
    assertThat(ended.code()).isEqualTo(1);
    String last = ended.err().get(ended.err().size() - 1);
    Matcher line = LINE.matcher(last);
    assertThat(line.matches()).as(String.join("\n", ended.err())).isTrue();
    assertThat(line.group(1)).isEqualTo(line.group(2));
    return line.group(1);
  }

  private void skip(String record) {
    Program.Result ended = installation.startCommand("skip", record).awaitExit();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(0);
    assertThat(ended.out().get(0)).startsWith(record + " (300,000,");
  }

  private void refusedAtOtherOffsets(String record) {
    RecordCoordinates at = Objects.requireNonNull(RecordCoordinates.parse(record));
    for (long offset : new long[] {at.offset() - 1, at.offset() + 1, at.offset() + 1000}) {
      assertRefused(
          new RecordCoordinates(at.topic(), at.partition(), offset).toString(),
          "start wxphone run");
    }
    assertRefused(at.topic() + "-99@0", "there is no partition 99");
  }

  private void refusedWhileItRuns(String record) {
    assertRefused(record, "has members: stop each wxphone run of it first");
  }

  private void assertRefused(String record, String why) {
    Program.Result ended = InProcess.execute(installation.arguments("skip", record));
    assertThat(ended.code()).as(record).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).singleElement().asString().contains(why);
  }

  /** With as little memory as a run has. */
  private void namedByTools(RecordMetadata bomb, RecordMetadata keyBomb) {
    Program.Result books = installation.startCommand("books").awaitExit();
    assertThat(books.code()).isEqualTo(1);
    assertThat(books.err())
        .singleElement()
        .asString()
        .startsWith("wxphone: out of memory at " + name(bomb) + ", which has 300,0");
    Program.Result doctor = installation.startCommand("doctor").awaitExit();
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.err()).isEmpty();
    assertThat(doctor.out())
        .anyMatch(line -> line.contains("out of memory at " + name(bomb)))
        .anyMatch(line -> line.contains("out of memory at " + name(keyBomb)))
        .noneMatch(line -> line.contains("OutOfMemoryError"));
  }

  /** It tries a letter against all session keys of its partition. */
  private void namedByReplay(RecordMetadata keyBomb) {
    Program.Result replay = installation.startCommand("replay", "--dry-run").awaitExit();
    assertThat(replay.code()).isEqualTo(1);
    assertThat(replay.err())
        .singleElement()
        .asString()
        .startsWith("wxphone: out of memory at " + name(keyBomb) + ", which has 300,0")
        .endsWith("wxphone skip " + name(keyBomb));
  }
}
