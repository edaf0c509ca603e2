package dev.wxphone.integration;

import static dev.wxphone.integration.kit.Installation.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.letters.DeadLetters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/** What {@code replay}, {@code park} and {@code dead-letters} do with letters of a real stream. */
@ExtendWith(SharedBroker.Extension.class)
@Execution(CONCURRENT)
final class ReplayIT {
  /** Nobody waits here: what has no key is a letter at once. */
  private static final String HASTY = "-Dwxphone.session.wait=PT0S";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final Installation at;

  ReplayIT(SharedBroker broker) {
    at = new Installation(broker);
  }

  @AfterEach
  void end() {
    at.close();
  }

  // ---- nothing there

  @Test
  void where_no_letter_is_open_it_is_said_how_to_see_the_others() {
    assertThat(execute("dead-letters", "list").out())
        .containsExactly("no open letters; --all and --again show others");
    for (String more : List.of("--all", "--again", "--since=2h", "--reason=USER_DENIED")) {
      assertThat(execute("dead-letters", "list", more).out()).containsExactly("no such letters");
    }
    assertThat(deadLetters("list").out()).isEmpty();
  }

  // ---- two at once, and signals

  @Test
  void of_two_replays_at_once_the_first_ends_and_each_letter_goes_once() {
    at.run(HASTY);
    List<TestUser> visitors = visitors(40);
    List<String> ids = failing(visitors);
    visitors.forEach(this::login);

    Program first = at.process("replay", "--yes", "--json", "--rate", "2/s", HASTY);
    Program.await("it has sent some", () -> audit().size() >= 3);
    Program.Ended second = replay("--yes");
    Program.Ended fenced = first.awaitEnd();

    assertThat(second).returns(0, Program.Ended::code);
    assertThat(fenced.code()).as(fenced + "").isEqualTo(1);
    assertThat(fenced.err()).hasSize(1);
    assertThat(fenced.err().get(0)).startsWith("wxphone: another replay has taken over");
    JsonNode ofFirst = report(fenced);
    assertThat(ofFirst.path("sent").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(ofFirst.path("left").asInt()).isEqualTo(40 - ofFirst.path("sent").asInt());
    assertThat(ofFirst.path("gone").asInt()).isZero();
    assertThat(report(second).path("sent").asInt()).isEqualTo(ofFirst.path("left").asInt());
    assertThat(report(second).path("profiles").asInt())
        .isEqualTo(report(second).path("sent").asInt());
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(auditedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void a_signal_ends_a_replay_in_between_and_the_next_one_sends_the_rest() {
    at.run(HASTY);
    for (String signal : List.of("INT", "TERM")) {
      List<TestUser> visitors = visitors(100);
      List<String> ids = failing(visitors);
      visitors.forEach(this::login);
      int before = audit().size();

      // Not told to end, it would go on for longer than anybody here has patience.
      Program slow = at.process("replay", "--yes", "--json", "--rate", "1/s", HASTY);
      Program.await("it has sent some", () -> audit().size() >= before + 2);
      slow.signal(signal);
      Program.Ended ended = slow.awaitEnd();
      assertThat(ended.code()).as(ended + "").isEqualTo(1);
      assertThat(ended.err()).isEmpty();
      int sent = report(ended).path("sent").asInt();
      assertThat(sent).isEqualTo(audit().size() - before);
      assertThat(report(ended).path("left").asInt()).isEqualTo(100 - sent);

      Program.Ended rest = replay("--yes");
      assertThat(rest.code()).isZero();
      assertThat(report(rest).path("sent").asInt()).isEqualTo(100 - sent);
      assertThat(report(rest).path("left").asInt()).isZero();
      assertThat(sentIds().stream().filter(ids::contains)).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  /** Committed readers see nothing behind the beginning of an open transaction, whoever's it is. */
  @Test
  void a_transaction_that_is_open_on_the_audit_hides_no_replay() throws Exception {
    at.run(HASTY);
    List<TestUser> visitors = visitors(8);
    List<String> ids = failing(visitors);
    visitors.forEach(this::login);
    Program first = at.process("replay", "--yes", "--json", "--rate", "1/s", HASTY);
    Program.await("it has sent one", () -> !audit().isEmpty());
    try (Admin admin = at.admin();
        KafkaProducer<byte[], byte[]> other =
            new KafkaProducer<>(
                at.kafka().ofTransactions("another", Duration.ofMinutes(1)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      other.initTransactions();
      other.beginTransaction();
      for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
        other
            .send(
                new ProducerRecord<>(
                    at.topics().deadLetterAudit(), partition, new byte[0], new byte[0]))
            .get();
      }
      assertThat(report(first.awaitEnd()).path("sent").asInt()).isEqualTo(8);
      assertThat(audit()).as("what committed readers see").hasSizeLessThan(8);

      String sender = "wxphone-replay-" + at.topics().deadLetterAudit();
      int epoch = epoch(admin, sender);
      Program second = at.process("replay", "--yes", "--json", HASTY);
      Program.await("the second has taken over", () -> epoch(admin, sender) != epoch);
      other.abortTransaction();
      Program.Ended ended = second.awaitEnd();
      assertThat(ended.code()).as(ended + "").isZero();
      assertThat(report(ended).path("sent").asInt()).isZero();
      assertThat(report(ended).path("gone").asInt()).isPositive();
    }
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static int epoch(Admin admin, String transactionalId) {
    try {
      return admin
          .describeTransactions(List.of(transactionalId))
          .description(transactionalId)
          .get()
          .producerEpoch();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void letters_that_come_after_the_start_are_not_taken() {
    at.run(HASTY);
    List<TestUser> visitors = visitors(16);
    List<String> ids = failing(visitors);
    visitors.forEach(this::login);

    Program slow = at.process("replay", "--yes", "--json", "--rate", "2/s", HASTY);
    Program.await("it has sent one", () -> !audit().isEmpty());
    TestUser late = new TestUser();
    String id = failing(late);
    login(late);
    // Else it could not have taken it anyway.
    assertThat(slow.isAlive()).isTrue();
    Program.Ended ended = slow.awaitEnd();
    assertThat(ended.code()).as(ended + "").isZero();
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(standing(id)).isEqualTo("would-succeed");
  }

  // ---- attempts, and what is forged

  @Test
  void a_letter_that_fails_again_counts_its_attempts_up_to_the_limit_and_piles_up_nothing() {
    at.run(HASTY);
    TestUser visitor = new TestUser();
    RecordMetadata click =
        click(
            visitor,
            text("trace", "1"),
            text("trace", "2"),
            new RecordHeader("nothing", (byte[]) null),
            new RecordHeader("binary", new byte[] {0, -1}),
            text("wxphone.reason", "SUPERSEDED"),
            text("__streams.errors.exception", "x"));
    ConsumerRecord<byte[], byte[]> first = at.answerTo(click);
    ConsumerRecord<byte[], byte[]> letter = first;
    for (int attempt = 2; attempt <= 5; attempt++) {
      assertThat(report(replay("--all", "--openid", visitor.openid())).toString())
          .contains("\"sent\":1,", "\"cameBack\":{\"SESSION_KEY_MISSING\":1}");
      letter = answerToReplayOf(id(letter));
      assertThat(header(letter, HeaderNames.ATTEMPT)).isEqualTo("" + attempt);
    }
    assertThat(standing(id(letter))).isEqualTo("over-limit");
    assertThat(replay("--all", "--openid", visitor.openid()))
        .returns(0, Program.Ended::code)
        .returns(0, ended -> report(ended).path("sent").asInt(-1));

    List<String> names = new ArrayList<>(names(first));
    names.add(names.indexOf(HeaderNames.SOURCE) + 1, HeaderNames.REPLAYED_FROM);
    assertThat(names(letter)).isEqualTo(names);
    assertThat(passing(letter)).isEqualTo(passing(first)).hasSize(4);
    assertThat(header(letter, HeaderNames.TIMESTAMP)).isEqualTo(click.timestamp() + "");

    assertThat(report(replay("--all", "--max-attempts", "6", "--id", id(letter))).path("sent"))
        .hasToString("1");
    assertThat(header(answerToReplayOf(id(letter)), HeaderNames.ATTEMPT)).isEqualTo("6");
    login(visitor);
    assertThat(report(replay("--max-attempts", "7", "--openid", visitor.openid())).path("profiles"))
        .hasToString("1");
  }

  @Test
  void what_a_backend_forges_resets_nothing_and_breaks_nothing() {
    at.run(HASTY);
    TestUser other = new TestUser();
    String others = failing(other);
    Map<String, Integer> attempts = new LinkedHashMap<>();
    attempts.put("1000", 1000);
    attempts.put("4", 4);
    attempts.put("1001", 1);
    attempts.put("0", 1);
    attempts.put("abc", 1);
    attempts.put("", 1);
    List<TestUser> forgers = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    attempts.forEach(
        (forged, attempt) -> {
          TestUser forger = new TestUser();
          RecordMetadata click =
              click(
                  forger,
                  text(HeaderNames.ATTEMPT, forged),
                  text(HeaderNames.REPLAYED_FROM, others),
                  text(HeaderNames.TIMESTAMP, attempt == 1 ? "soon" : "9".repeat(18)),
                  text(HeaderNames.REASON, "SUPERSEDED"),
                  text(HeaderNames.RECOVERY, "never"),
                  text(HeaderNames.WITHHELD, "17"),
                  text(HeaderNames.SOURCE, "elsewhere-0@0"),
                  new RecordHeader(HeaderNames.DETAIL, (byte[]) null));
          ConsumerRecord<byte[], byte[]> letter = at.answerTo(click);
          assertThat(letter.value()).isNotNull();
          assertThat(header(letter, HeaderNames.ATTEMPT)).isEqualTo("" + attempt);
          assertThat(header(letter, HeaderNames.TIMESTAMP)).isEqualTo("" + click.timestamp());
          forgers.add(forger);
          ids.add(id(letter));
          login(forger);
        });
    // Somebody says that a click is the replay of another's letter: that one is as open as before.
    login(other);
    assertThat(standing(others)).isEqualTo("would-succeed");
    JsonNode sheet = json(deadLetters("show", others).out().get(0));
    assertThat(sheet.path("open").asBoolean()).isTrue();
    assertThat(sheet.path("answers")).isEmpty();

    assertThat(standing(ids.get(0))).isEqualTo("over-limit");
    JsonNode report = report(replay("--yes"));
    assertThat(report.path("sent").asInt()).isEqualTo(attempts.size());
    assertThat(report.path("profiles").asInt()).isEqualTo(attempts.size());
    assertThat(report.path("skipped").path("overAttemptLimit").asInt()).isEqualTo(1);
    assertThat(sentIds())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(ids.stream().skip(1), Stream.of(others)).toList());
    for (ConsumerRecord<byte[], byte[]> payload : replayed()) {
      assertThat(names(payload))
          .containsExactly(HeaderNames.TIMESTAMP, HeaderNames.ATTEMPT, HeaderNames.REPLAYED_FROM);
    }
    // The count has an end, and none that it begins anew at.
    at.publish(at.topics().sessionKey(), null, forgers.get(0).openid().getBytes(UTF_8), null);
    replay("--all", "--max-attempts", "1001", "--id", ids.get(0));
    assertThat(header(answerToReplayOf(ids.get(0)), HeaderNames.ATTEMPT)).isEqualTo("1000");
  }

  // ---- verdicts

  @Test
  void what_happened_meanwhile_decides_what_would_succeed() {
    String ours = "-Dwxphone.appids=" + Clicks.APPID;
    String bothOurs = ours + ",wx-new";
    Program run = at.run(HASTY, ours);

    TestUser loggedIn = new TestUser();
    String ofLoggedIn = failing(loggedIn);
    TestUser oldKey = new TestUser();
    String ofOldKey = failing(oldKey);
    TestUser tooOldKey = new TestUser();
    String ofTooOldKey = failing(tooOldKey);
    TestUser loggedOut = new TestUser();
    String ofLoggedOut = failing(loggedOut);
    TestUser forgotten = new TestUser();
    String ofForgotten = failing(forgotten);
    TestUser newer = new TestUser();
    long seconds = System.currentTimeMillis() / 1000;
    String ofNewer =
        letterTo(click(newer, newer.click(newer.before()).plaintext(newer.phone(seconds - 60))));
    TestUser newApp = new TestUser();
    at.login(newApp.openid(), newApp.login().replace(Clicks.APPID, "wx-new"));
    String ofNewApp =
        letterTo(click(newApp, newApp.click().plaintext(newApp.phone().appid("wx-new"))));
    Map<String, String> before = standings(ours);
    assertThat(before)
        .containsEntry(ofLoggedIn, "would-fail SESSION_KEY_MISSING")
        .containsEntry(ofOldKey, "would-fail SESSION_KEY_MISSING")
        .containsEntry(ofNewer, "would-fail SESSION_KEY_MISSING")
        .containsEntry(ofNewApp, "would-fail APPID_MISMATCH");

    login(loggedIn);
    login(oldKey);
    logins(oldKey, 2);
    login(tooOldKey);
    logins(tooOldKey, 3);
    login(loggedOut);
    at.publish(at.topics().sessionKey(), null, loggedOut.openid().getBytes(UTF_8), null);
    at.publish(
        at.topics().sessionKey(),
        null,
        forgotten.openid().getBytes(UTF_8),
        null,
        text(HeaderNames.FORGET, ""));
    login(forgotten);
    login(newer);
    ConsumerRecord<byte[], byte[]> newest = at.answerTo(click(newer));
    assertThat(newest.topic()).isEqualTo(at.topics().userProfile());
    at.login(newer.openid(), newer.login(newer.before()));
    assertThat(standings(ours))
        .containsOnly(
            Map.entry(ofLoggedIn, "would-succeed"),
            Map.entry(ofOldKey, "would-succeed"),
            Map.entry(ofTooOldKey, "would-fail SESSION_KEY_STALE"),
            Map.entry(ofLoggedOut, "would-fail SESSION_KEY_MISSING"),
            Map.entry(ofForgotten, "would-fail SUPERSEDED"),
            Map.entry(ofNewer, "would-fail SUPERSEDED"),
            Map.entry(ofNewApp, "would-fail APPID_MISMATCH"));
    assertThat(standings(bothOurs)).containsEntry(ofNewApp, "would-succeed");
    assertThat(plan(bothOurs))
        .containsEntry("wouldSucceed", 3L)
        .containsEntry("wouldFailAgain", 4L);

    // The processor has the settings of before: it is not asked yet.
    JsonNode first = report(replay("--yes", ours));
    assertThat(first.path("sent").asInt()).isEqualTo(2);
    assertThat(first.path("profiles").asInt()).isEqualTo(2);
    assertThat(json(answerToReplayOf(ofOldKey).value()).path("sessionKeyAge").asInt()).isEqualTo(2);

    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    at.run(HASTY, bothOurs);
    JsonNode second = report(replay("--yes", bothOurs));
    assertThat(second.path("sent").asInt()).isEqualTo(1);
    assertThat(answerToReplayOf(ofNewApp).topic()).isEqualTo(at.topics().userProfile());

    JsonNode all = report(replay("--yes", "--all", bothOurs));
    assertThat(all.path("sent").asInt()).isEqualTo(4);
    assertThat(all.path("profiles").asInt()).isZero();
    // In the order of the table that people know.
    assertThat(all.path("cameBack"))
        .hasToString("{\"SESSION_KEY_MISSING\":1,\"SESSION_KEY_STALE\":1,\"SUPERSEDED\":2}");
    for (String superseded : List.of(ofNewer, ofForgotten)) {
      assertThat(header(answerToReplayOf(superseded), HeaderNames.REASON)).isEqualTo("SUPERSEDED");
    }
    List<ConsumerRecord<byte[], byte[]>> profiles =
        at.content(at.topics().userProfile()).stream()
            .filter(profile -> new String(profile.key(), UTF_8).equals(newer.openid()))
            .toList();
    assertThat(profiles).hasSize(1);
    assertThat(profiles.get(0).value()).isEqualTo(newest.value());
  }

  // ---- the plan

  @Test
  void the_plan_counts_each_letter_once_and_only_payloads_are_ever_sent() {
    at.run(HASTY);
    List<TestUser> helped = visitors(3);
    List<String> ofHelped = failing(helped);
    helped.forEach(this::login);
    List<String> ofLost = failing(visitors(2));
    String parked = failing(new TestUser());
    assertThat(execute("park", parked)).returns(0, Program.Ended::code);
    assertThat(report(replay("--id", ofHelped.get(0))).path("sent").asInt()).isEqualTo(1);
    String tired = letterTo(click(new TestUser(), text(HeaderNames.ATTEMPT, "5")));
    List<String> never =
        List.of(
            letterTo(at.login("o-somebody-else", new TestUser().login())),
            withheld(new TestUser()));
    List<String> garbage = garbageLetters();
    garbageAudit(ofHelped.get(1));

    Map<String, Long> expected =
        Map.of(
            "wouldSucceed", 2L,
            "wouldFailAgain", 2L,
            "alreadyReplayed", 1L,
            "parked", 1L,
            "overAttemptLimit", 1L,
            "notReplayable", (long) never.size() + garbage.size());
    Map<TopicPartition, Long> ends = allEnds();
    assertThat(plan()).isEqualTo(expected);
    assertThat(plan("--all")).isEqualTo(expected);
    assertThat(deadLetters("stats")).returns(0, Program.Ended::code);
    assertThat(deadLetters("list")).returns(0, Program.Ended::code);
    assertThat(deadLetters("show", ofHelped.get(1))).returns(0, Program.Ended::code);
    assertThat(deadLetters("show", garbage.get(0))).returns(1, Program.Ended::code);
    Program.Ended unsure = replay();
    assertThat(unsure.code()).isEqualTo(2);
    assertThat(unsure.err()).hasSize(1);
    assertThat(unsure.err().get(0)).contains("--yes");
    assertThat(allEnds()).isEqualTo(ends);

    assertThat(standings()).containsKeys(never.get(0), never.get(1));
    JsonNode all = report(replay("--yes", "--all", "--again", "--max-attempts", "1000"));
    assertThat(all.path("sent").asInt()).isEqualTo(7);
    assertThat(all.path("skipped").path("notReplayable").asInt())
        .isEqualTo(never.size() + garbage.size());
    assertThat(all.path("unanswered").asInt()).isZero();
    List<String> sent = new ArrayList<>(ofHelped);
    sent.addAll(ofLost);
    sent.addAll(List.of(parked, tired, ofHelped.get(0)));
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(sent);
  }

  /** A letter whose value was too large to copy. */
  private String withheld(TestUser visitor) {
    return id(
        at.publish(
            at.topics().deadLetter(),
            0,
            visitor.openid().getBytes(UTF_8),
            null,
            text(HeaderNames.SOURCE, at.topics().phonePayload() + "-0@4711"),
            text(HeaderNames.TIMESTAMP, "1"),
            text(HeaderNames.ATTEMPT, "1"),
            text(HeaderNames.REASON, "MALFORMED_PAYLOAD"),
            text(HeaderNames.RECOVERY, "never"),
            text(HeaderNames.WITHHELD, "2097152")));
  }

  private List<String> garbageLetters() {
    Header source = text(HeaderNames.SOURCE, at.topics().phonePayload() + "-0@1");
    Header time = text(HeaderNames.TIMESTAMP, "1");
    Header attempt = text(HeaderNames.ATTEMPT, "1");
    Header reason = text(HeaderNames.REASON, "SESSION_KEY_MISSING");
    byte[] key = "o1".getBytes(UTF_8);
    List<List<Header>> headers =
        List.of(
            List.of(),
            List.of(time, attempt, reason),
            List.of(source, time, attempt, text(HeaderNames.REASON, "NOT_ONE")),
            List.of(source, time, reason, text(HeaderNames.ATTEMPT, "1e3")),
            List.of(source, attempt, reason, text(HeaderNames.TIMESTAMP, "9".repeat(19))),
            List.of(source, time, attempt, new RecordHeader(HeaderNames.REASON, new byte[] {-1})),
            List.of(source, time, attempt, new RecordHeader(HeaderNames.REASON, (byte[]) null)));
    List<String> garbage = new ArrayList<>();
    for (List<Header> of : headers) {
      garbage.add(
          id(
              at.publish(
                  at.topics().deadLetter(),
                  1,
                  key,
                  TestUser.bytes(30),
                  of.toArray(Header[]::new))));
    }
    garbage.add(id(at.publish(at.topics().deadLetter(), 2, (byte[]) null, null)));
    return garbage;
  }

  /** None of it says that a letter was replayed. */
  private void garbageAudit(String id) {
    String good = new String(audit().get(0).value(), UTF_8);
    String other = good.replaceFirst("(deadLetterTopicId\":\")[^\"]*", "$1AAAAAAAAAAAAAAAAAAAAAA");
    assertThat(other).isNotEqualTo(good);
    for (String value :
        List.of(other, "{", "[]", "replayed", good + " {}", good.replace("\"at\"", "\"x\""))) {
      at.publish(at.topics().deadLetterAudit(), null, id, value);
    }
    at.publish(at.topics().deadLetterAudit(), null, id.getBytes(UTF_8), null);
    at.publish(at.topics().deadLetterAudit(), null, (byte[]) null, good.getBytes(UTF_8));
    at.publish(at.topics().deadLetterAudit(), null, new byte[] {-1, 0}, TestUser.bytes(40));
    for (String key : List.of("", id + " ", "x@1", "0@99999999", "0@-1", id.replace('@', '-'))) {
      at.publish(at.topics().deadLetterAudit(), null, key, good);
    }
  }

  @Test
  void filters_choose_letters_and_a_limit_takes_the_oldest() {
    at.run(HASTY);
    List<TestUser> visitors = visitors(6);
    List<String> ids = new ArrayList<>();
    List<Instant> came = new ArrayList<>();
    for (TestUser visitor : visitors) {
      ConsumerRecord<byte[], byte[]> letter = at.answerTo(click(visitor));
      ids.add(id(letter));
      came.add(Instant.ofEpochMilli(letter.timestamp()));
      login(visitor);
    }
    String malformed =
        letterTo(at.publish(at.topics().phonePayload(), null, visitors.get(0).openid(), "{"));

    assertThat(count("--reason", "SESSION_KEY_MISSING")).isEqualTo(6);
    assertThat(count("--reason", "MALFORMED_PAYLOAD", "--reason", "SUPERSEDED")).isEqualTo(1);
    assertThat(count("--reason", "SUPERSEDED")).isZero();
    assertThat(count("--openid", visitors.get(0).openid())).isEqualTo(2);
    assertThat(count("--openid", visitors.get(0).openid(), "--reason", "SESSION_KEY_MISSING"))
        .isEqualTo(1);
    assertThat(count("--id", ids.get(2) + "," + ids.get(4), "--id", malformed)).isEqualTo(3);
    Program.Ended mistyped = replay("--yes", "--id", ids.get(2) + ",0@99999999");
    assertThat(mistyped).returns(1, Program.Ended::code).returns(List.of(), Program.Ended::out);
    assertThat(mistyped.err())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("no dead letter of wxphone's at 0@99999999;");
    assertThat(sentIds()).isEmpty();
    assertThat(count("--since", came.get(2).toString())).isEqualTo(5);
    assertThat(count("--until", came.get(2).toString())).isEqualTo(2);
    assertThat(count("--since", came.get(1) + "", "--until", came.get(3) + "")).isEqualTo(2);
    assertThat(count("--since", "1h")).isEqualTo(7);
    assertThat(count("--until", "1h")).isZero();

    assertThat(report(replay("--yes", "--limit", "2")).path("sent").asInt()).isEqualTo(2);
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(ids.subList(0, 2));
    assertThat(report(replay("--until", came.get(4).toString())).path("sent").asInt()).isEqualTo(2);
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(ids.subList(0, 4));
    assertThat(report(replay("--openid", visitors.get(5).openid())).path("sent").asInt())
        .isEqualTo(1);
    assertThat(sentIds()).contains(ids.get(5)).doesNotContain(ids.get(4));
  }

  @Test
  void a_parked_letter_is_not_offered_again_unless_it_is_asked_for() throws IOException {
    at.run(HASTY);
    List<TestUser> visitors = visitors(2);
    List<String> ids = failing(visitors);
    visitors.forEach(this::login);
    String id = ids.get(0);

    Map<TopicPartition, Long> ends = allEnds();
    for (List<String> wrong : List.of(List.of("0@99999999"), List.of(id, "7@1"))) {
      Program.Ended missing = execute("park", wrong.toArray(String[]::new));
      assertThat(missing.code()).isEqualTo(1);
      assertThat(missing.err()).hasSize(1);
      assertThat(missing.err().get(0)).contains(wrong.get(wrong.size() - 1));
    }
    assertThat(execute("park", "7-1")).returns(2, Program.Ended::code);
    assertThat(allEnds()).isEqualTo(ends);

    String why = "asked twice,\n\"no\" 带";
    assertThat(execute("park", "--why", why, "--by", "ops", id)).returns(0, Program.Ended::code);
    assertThat(auditedIds()).containsExactly(id);
    JsonNode entry = json(audit().get(0).value());
    assertThat(entry.path("action").asText()).isEqualTo("parked");
    assertThat(entry.path("why").asText()).isEqualTo(why);
    assertThat(entry.path("by").asText()).isEqualTo("ops");

    assertThat(standings()).containsOnlyKeys(ids.get(1));
    assertThat(standings("--again")).containsOnlyKeys(ids).containsEntry(id, "parked");
    assertThat(plan()).containsEntry("parked", 1L).containsEntry("wouldSucceed", 1L);
    assertThat(report(replay("--yes")).path("sent").asInt()).isEqualTo(1);
    assertThat(sentIds()).containsExactly(ids.get(1));
    assertThat(report(replay("--again", "--id", id)).path("profiles").asInt()).isEqualTo(1);
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(ids);
    JsonNode sheet = json(deadLetters("show", id).out().get(0));
    assertThat(sheet.path("audit").path(0).path("action").asText()).isEqualTo("parked");
    assertThat(sheet.path("audit").path(1).path("action").asText()).isEqualTo("replayed");
    assertThat(sheet.path("answers").path(0).path("became").asText()).isEqualTo("profile");
    assertThat(plan()).containsEntry("alreadyReplayed", 2L).containsEntry("wouldSucceed", 0L);
  }

  // ---- topics that change

  @Test
  void with_more_partitions_each_letter_goes_once_still() throws Exception {
    Program run = at.run(HASTY);
    List<TestUser> visitors = visitors(30);
    List<String> ids = failing(visitors);
    visitors.forEach(this::login);
    assertThat(report(replay("--yes", "--limit", "10")).path("sent").asInt()).isEqualTo(10);
    List<String> gone = sentIds();

    // Somebody thinks about the plan, and the topics grow.
    DeadLetters opened = DeadLetters.open(at.settings(), read -> {});
    at.change(
        topics -> {
          topics.grow(7, at.topics().deadLetter());
          topics.grow(11, at.topics().deadLetterAudit());
        });
    // Its producer would learn of them within minutes.
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    at.run(HASTY);
    List<TestUser> more = visitors(30);
    List<String> moreIds = new ArrayList<>();
    Set<String> sources = new HashSet<>();
    more.forEach(visitor -> sources.add(Installation.source(click(visitor))));
    Program.await(
        "all are letters",
        () -> {
          moreIds.clear();
          at.content(at.topics().deadLetter()).stream()
              .filter(letter -> sources.contains(header(letter, HeaderNames.SOURCE)))
              .forEach(letter -> moreIds.add(id(letter)));
          return moreIds.size() == more.size();
        });
    more.forEach(this::login);
    assertThat(moreIds).anyMatch(id -> Integer.parseInt(id.split("@", -1)[0]) >= 3);

    assertThat(plan()).containsEntry("alreadyReplayed", 10L).containsEntry("wouldSucceed", 50L);
    Program.Ended rest = replay("--yes");
    assertThat(rest).returns(0, Program.Ended::code);
    assertThat(report(rest).path("sent").asInt()).isEqualTo(50);
    assertThat(report(rest).path("profiles").asInt()).isEqualTo(50);
    List<String> all = Stream.concat(ids.stream(), moreIds.stream()).toList();
    assertThat(sentIds()).containsExactlyInAnyOrderElementsOf(all).containsAll(gone);
    assertThat(auditedIds()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(audit()).anyMatch(entry -> entry.partition() >= 3);
    List<String> doneSince = new ArrayList<>();
    try (opened) {
      opened.readAudit(id -> doneSince.add(id.toString()));
    }
    assertThat(doneSince).hasSize(50).doesNotContainAnyElementsOf(gone);
    assertThat(report(replay("--yes")).path("sent").asInt()).isZero();
  }

  @Test
  void what_was_done_with_letters_of_a_topic_that_was_made_anew_counts_for_nothing()
      throws Exception {
    List<TestUser> visitors = visitors(4);
    visitors.forEach(this::login);
    List<String> ids = visitors.stream().map(this::written).toList();
    assertThat(execute("park", ids.subList(1, 4).toArray(String[]::new)))
        .returns(0, Program.Ended::code);
    assertThat(plan()).containsEntry("parked", 3L).containsEntry("wouldSucceed", 1L);

    try (Admin admin = at.admin()) {
      String topic = at.topics().deadLetter();
      admin.deleteTopics(List.of(topic)).all().get();
      Program.await("it is gone", () -> !isThere(admin, topic));
    }
    assertThat(execute("topics", "apply", "--partitions", "3")).returns(0, Program.Ended::code);
    assertThat(visitors.stream().map(this::written)).isEqualTo(ids);
    assertThat(plan()).containsEntry("parked", 0L).containsEntry("wouldSucceed", 4L);
    assertThat(execute("park", ids.get(0))).returns(0, Program.Ended::code);
    assertThat(standings("--again"))
        .containsEntry(ids.get(0), "parked")
        .containsEntry(ids.get(1), "would-succeed");
  }

  private static boolean isThere(Admin admin, String topic) {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The letter of a click that no processor has seen. */
  private String written(TestUser visitor) {
    long now = System.currentTimeMillis();
    byte[] key = visitor.openid().getBytes(UTF_8);
    OutgoingDeadLetter letter =
        OutgoingDeadLetter.ofPayload(
            new ReceivedRecord(
                key,
                visitor.click().value(),
                new RecordHeaders(),
                new RecordCoordinates(at.topics().phonePayload(), 0, 1),
                new Provenance(now, 1, null, null)),
            new OutgoingDeadLetter.Cause(Reason.SESSION_KEY_MISSING, "No key.", 0),
            Instant.ofEpochMilli(now));
    return id(
        at.publish(
            at.topics().deadLetter(), null, key, letter.value(), letter.headers().toArray()));
  }

  // ---- what is done

  private static List<TestUser> visitors(int count) {
    return IntStream.range(0, count).mapToObj(number -> new TestUser()).toList();
  }

  private RecordMetadata click(TestUser visitor, Header... headers) {
    return at.publish(
        at.topics().phonePayload(), null, visitor.openid(), visitor.click().json(), headers);
  }

  private RecordMetadata click(TestUser visitor, Clicks click) {
    return at.click(visitor.openid(), click.json());
  }

  private void login(TestUser visitor) {
    at.login(visitor.openid(), visitor.login());
  }

  /** So many more logins, each with a key of its own. */
  private void logins(TestUser visitor, int count) {
    for (int i = 0; i < count; i++) {
      SessionKey key = SessionKey.of(TestUser.bytes(SessionKey.LENGTH), Clicks.APPID);
      at.login(visitor.openid(), visitor.login(key));
    }
  }

  /** The letter of a click without a login. */
  private String failing(TestUser visitor) {
    return letterTo(click(visitor));
  }

  private List<String> failing(List<TestUser> visitors) {
    List<RecordMetadata> clicks = visitors.stream().map(visitor -> click(visitor)).toList();
    return clicks.stream().map(this::letterTo).toList();
  }

  private String letterTo(RecordMetadata record) {
    ConsumerRecord<byte[], byte[]> letter = at.answerTo(record);
    assertThat(letter.topic()).isEqualTo(at.topics().deadLetter());
    return id(letter);
  }

  private Program.Ended execute(String command, String... more) {
    return InProcess.execute(
        at.arguments(
            Stream.concat(Stream.of(command), Arrays.stream(more)).toArray(String[]::new)));
  }

  private Program.Ended replay(String... more) {
    return execute(
        "replay",
        Stream.concat(Stream.of(HASTY, "--json"), Arrays.stream(more)).toArray(String[]::new));
  }

  private Program.Ended deadLetters(String what, String... more) {
    return execute(
        "dead-letters",
        Stream.concat(Stream.of(what, "--json"), Arrays.stream(more)).toArray(String[]::new));
  }

  // ---- what is seen

  private static JsonNode report(Program.Ended ended) {
    assertThat(ended.out()).as(ended + "").isNotEmpty();
    return json(ended.out().get(ended.out().size() - 1));
  }

  /** How many letters stand how. */
  private Map<String, Long> plan(String... more) {
    Program.Ended ended =
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

  /** How many letters a filter leaves. */
  private long count(String... filter) {
    return plan(filter).values().stream().mapToLong(Long::longValue).sum();
  }

  /** How each letter that is listed stands, and with what it would fail. */
  private Map<String, String> standings(String... more) {
    Program.Ended ended =
        deadLetters(
            "list", Stream.concat(Stream.of("--all"), Arrays.stream(more)).toArray(String[]::new));
    assertThat(ended.code()).as(ended + "").isZero();
    Map<String, String> standings = new LinkedHashMap<>();
    for (String line : ended.out()) {
      JsonNode row = json(line);
      String reason = row.path("wouldFailWith").asText("");
      standings.put(
          row.path("id").asText(), (row.path("standing").asText() + " " + reason).strip());
    }
    return standings;
  }

  private @Nullable String standing(String id) {
    String standing = standings("--again", "--id", id).get(id);
    return standing == null ? null : standing.split(" ", -1)[0];
  }

  /** The payloads that were sent once more. */
  private List<ConsumerRecord<byte[], byte[]>> replayed() {
    return at.content(at.topics().phonePayload()).stream()
        .filter(payload -> header(payload, HeaderNames.REPLAYED_FROM) != null)
        // What is forged here has this one too, which no replay writes.
        .filter(payload -> payload.headers().lastHeader(HeaderNames.SOURCE) == null)
        .toList();
  }

  private List<String> sentIds() {
    return replayed().stream()
        .map(payload -> String.valueOf(header(payload, HeaderNames.REPLAYED_FROM)))
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> audit() {
    return at.content(at.topics().deadLetterAudit());
  }

  private List<String> auditedIds() {
    return audit().stream().map(entry -> new String(entry.key(), UTF_8)).toList();
  }

  /** The one answer to the one replay of a letter. */
  private ConsumerRecord<byte[], byte[]> answerToReplayOf(String id) {
    List<ConsumerRecord<byte[], byte[]>> payloads =
        replayed().stream()
            .filter(payload -> id.equals(header(payload, HeaderNames.REPLAYED_FROM)))
            .toList();
    assertThat(payloads).hasSize(1);
    ConsumerRecord<byte[], byte[]> payload = payloads.get(0);
    String source = payload.topic() + "-" + payload.partition() + "@" + payload.offset();
    List<ConsumerRecord<byte[], byte[]>> answers = new ArrayList<>();
    Program.await(
        "there is an answer to " + source,
        () -> {
          Stream.of(at.topics().userProfile(), at.topics().deadLetter())
              .flatMap(topic -> at.content(topic).stream())
              .filter(answer -> source.equals(header(answer, HeaderNames.SOURCE)))
              .forEach(answers::add);
          return !answers.isEmpty();
        });
    assertThat(answers).hasSize(1);
    assertThat(header(answers.get(0), HeaderNames.REPLAYED_FROM)).isEqualTo(id);
    return answers.get(0);
  }

  private Map<TopicPartition, Long> allEnds() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    at.topics().byDefaultName().values().forEach(topic -> ends.putAll(at.ends(topic)));
    return ends;
  }

  private static String id(ConsumerRecord<byte[], byte[]> letter) {
    return letter.partition() + "@" + letter.offset();
  }

  private static String id(RecordMetadata letter) {
    return letter.partition() + "@" + letter.offset();
  }

  private static Header text(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private static List<String> names(ConsumerRecord<byte[], byte[]> record) {
    return Arrays.stream(record.headers().toArray()).map(Header::key).toList();
  }

  /** Headers that are not ours, in order. */
  private static List<String> passing(ConsumerRecord<byte[], byte[]> record) {
    return Arrays.stream(record.headers().toArray())
        .filter(header -> !header.key().startsWith("wxphone."))
        .filter(header -> !header.key().startsWith("__streams.errors."))
        .map(header -> header.key() + "=" + Arrays.toString(header.value()))
        .toList();
  }

  private static JsonNode json(String line) {
    return json(line.getBytes(UTF_8));
  }

  private static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
