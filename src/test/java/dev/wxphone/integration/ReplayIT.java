package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.id;
import static dev.wxphone.integration.kit.TestRecords.json;
import static dev.wxphone.integration.kit.TestRecords.textHeader;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.ReplayTestSupport;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** The plan of {@code replay}, its filters, and parked dead letters. */
@Execution(CONCURRENT)
final class ReplayIT extends ReplayTestSupport {
  ReplayIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  void where_no_letter_is_open_it_is_said_how_to_see_the_others() {
    assertThat(execute("dead-letters", "list").out())
        .containsExactly("no open letters; --all and --again show others");
    for (String more : List.of("--all", "--again", "--since=2h", "--reason=USER_DENIED")) {
      assertThat(execute("dead-letters", "list", more).out()).containsExactly("no such letters");
    }
    assertThat(deadLetters("list").out()).isEmpty();
  }

  @Test
  void the_plan_counts_each_letter_once_and_only_payloads_are_ever_sent() {
    installation.run(NO_WAIT);
    List<TestUser> helped = newUsers(3);
    List<String> ofHelped = failedClicks(helped);
    helped.forEach(this::login);
    List<String> ofLost = failedClicks(newUsers(2));
    String parked = failedClick(new TestUser());
    assertThat(execute("park", parked)).returns(0, Program.Result::code);
    assertThat(report(replay("--id", ofHelped.get(0))).path("sent").asInt()).isEqualTo(1);
    String overLimit = deadLetterOf(click(new TestUser(), textHeader(HeaderNames.ATTEMPT, "5")));
    List<String> never =
        List.of(
            deadLetterOf(installation.login("o-somebody-else", new TestUser().login())),
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
    Map<TopicPartition, Long> ends = allEndOffsets();
    assertThat(plan()).isEqualTo(expected);
    assertThat(plan("--all")).isEqualTo(expected);
    assertThat(deadLetters("stats")).returns(0, Program.Result::code);
    assertThat(deadLetters("list")).returns(0, Program.Result::code);
    assertThat(deadLetters("show", ofHelped.get(1))).returns(0, Program.Result::code);
    assertThat(deadLetters("show", garbage.get(0))).returns(1, Program.Result::code);
    Program.Result unconfirmed = replay();
    assertThat(unconfirmed.code()).isEqualTo(2);
    assertThat(unconfirmed.err()).hasSize(1);
    assertThat(unconfirmed.err().get(0)).contains("--yes");
    assertThat(allEndOffsets()).isEqualTo(ends);

    assertThat(statuses()).containsKeys(never.get(0), never.get(1));
    JsonNode all = report(replay("--yes", "--all", "--again", "--max-attempts", "1000"));
    assertThat(all.path("sent").asInt()).isEqualTo(7);
    assertThat(all.path("skipped").path("notReplayable").asInt())
        .isEqualTo(never.size() + garbage.size());
    assertThat(all.path("unanswered").asInt()).isZero();
    List<String> sent = new ArrayList<>(ofHelped);
    sent.addAll(ofLost);
    sent.addAll(List.of(parked, overLimit, ofHelped.get(0)));
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(sent);
  }

  /** Publishes a dead letter whose value was too large to copy. */
  private String withheld(TestUser user) {
    return id(
        installation.publish(
            installation.topics().deadLetter(),
            0,
            user.openid().getBytes(UTF_8),
            null,
            textHeader(HeaderNames.SOURCE, installation.topics().phonePayload() + "-0@4711"),
            textHeader(HeaderNames.TIMESTAMP, "1"),
            textHeader(HeaderNames.ATTEMPT, "1"),
            textHeader(HeaderNames.REASON, "MALFORMED_PAYLOAD"),
            textHeader(HeaderNames.RECOVERY, "never"),
            textHeader(HeaderNames.WITHHELD, "2097152")));
  }

  private List<String> garbageLetters() {
    Header source = textHeader(HeaderNames.SOURCE, installation.topics().phonePayload() + "-0@1");
    Header time = textHeader(HeaderNames.TIMESTAMP, "1");
    Header attempt = textHeader(HeaderNames.ATTEMPT, "1");
    Header reason = textHeader(HeaderNames.REASON, "SESSION_KEY_MISSING");
    byte[] key = "o1".getBytes(UTF_8);
    List<List<Header>> headers =
        List.of(
            List.of(),
            List.of(time, attempt, reason),
            List.of(source, time, attempt, textHeader(HeaderNames.REASON, "NOT_ONE")),
            List.of(source, time, reason, textHeader(HeaderNames.ATTEMPT, "1e3")),
            List.of(source, attempt, reason, textHeader(HeaderNames.TIMESTAMP, "9".repeat(19))),
            List.of(source, time, attempt, new RecordHeader(HeaderNames.REASON, new byte[] {-1})),
            List.of(source, time, attempt, new RecordHeader(HeaderNames.REASON, (byte[]) null)));
    List<String> garbage = new ArrayList<>();
    for (List<Header> of : headers) {
      garbage.add(
          id(
              installation.publish(
                  installation.topics().deadLetter(),
                  1,
                  key,
                  TestUser.bytes(30),
                  of.toArray(Header[]::new))));
    }
    garbage.add(
        id(installation.publish(installation.topics().deadLetter(), 2, (byte[]) null, null)));
    return garbage;
  }

  /** Publishes audit records of which none says that a dead letter was replayed. */
  private void garbageAudit(String id) {
    String good = new String(audit().get(0).value(), UTF_8);
    String other = good.replaceFirst("(deadLetterTopicId\":\")[^\"]*", "$1AAAAAAAAAAAAAAAAAAAAAA");
    assertThat(other).isNotEqualTo(good);
    for (String value :
        List.of(other, "{", "[]", "replayed", good + " {}", good.replace("\"at\"", "\"x\""))) {
      installation.publish(installation.topics().deadLetterAudit(), null, id, value);
    }
    installation.publish(installation.topics().deadLetterAudit(), null, id.getBytes(UTF_8), null);
    installation.publish(
        installation.topics().deadLetterAudit(), null, (byte[]) null, good.getBytes(UTF_8));
    installation.publish(
        installation.topics().deadLetterAudit(), null, new byte[] {-1, 0}, TestUser.bytes(40));
    for (String key : List.of("", id + " ", "x@1", "0@99999999", "0@-1", id.replace('@', '-'))) {
      installation.publish(installation.topics().deadLetterAudit(), null, key, good);
    }
  }

  @Test
  void filters_choose_letters_and_a_limit_takes_the_oldest() {
    installation.run(NO_WAIT);
    List<TestUser> users = newUsers(6);
    List<String> ids = new ArrayList<>();
    List<Instant> came = new ArrayList<>();
    for (TestUser user : users) {
      ConsumerRecord<byte[], byte[]> letter = installation.answerTo(click(user));
      ids.add(id(letter));
      came.add(Instant.ofEpochMilli(letter.timestamp()));
      login(user);
    }
    String malformed =
        deadLetterOf(
            installation.publish(
                installation.topics().phonePayload(), null, users.get(0).openid(), "{"));

    assertThat(count("--reason", "SESSION_KEY_MISSING")).isEqualTo(6);
    assertThat(count("--reason", "MALFORMED_PAYLOAD", "--reason", "SUPERSEDED")).isEqualTo(1);
    assertThat(count("--reason", "SUPERSEDED")).isZero();
    assertThat(count("--openid", users.get(0).openid())).isEqualTo(2);
    assertThat(count("--openid", users.get(0).openid(), "--reason", "SESSION_KEY_MISSING"))
        .isEqualTo(1);
    assertThat(count("--id", ids.get(2) + "," + ids.get(4), "--id", malformed)).isEqualTo(3);
    Program.Result mistyped = replay("--yes", "--id", ids.get(2) + ",0@99999999");
    assertThat(mistyped).returns(1, Program.Result::code).returns(List.of(), Program.Result::out);
    assertThat(mistyped.err())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("no dead letter of wxphone's at 0@99999999;");
    assertThat(replayedIds()).isEmpty();
    assertThat(count("--since", came.get(2).toString())).isEqualTo(5);
    assertThat(count("--until", came.get(2).toString())).isEqualTo(2);
    assertThat(count("--since", came.get(1) + "", "--until", came.get(3) + "")).isEqualTo(2);
    assertThat(count("--since", "1h")).isEqualTo(7);
    assertThat(count("--until", "1h")).isZero();

    assertThat(report(replay("--yes", "--limit", "2")).path("sent").asInt()).isEqualTo(2);
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(ids.subList(0, 2));
    assertThat(report(replay("--until", came.get(4).toString())).path("sent").asInt()).isEqualTo(2);
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(ids.subList(0, 4));
    assertThat(report(replay("--openid", users.get(5).openid())).path("sent").asInt()).isEqualTo(1);
    assertThat(replayedIds()).contains(ids.get(5)).doesNotContain(ids.get(4));
  }

  @Test
  void a_parked_letter_is_not_offered_again_unless_it_is_asked_for() throws IOException {
    installation.run(NO_WAIT);
    List<TestUser> users = newUsers(2);
    List<String> ids = failedClicks(users);
    users.forEach(this::login);
    String id = ids.get(0);

    Map<TopicPartition, Long> ends = allEndOffsets();
    for (List<String> wrong : List.of(List.of("0@99999999"), List.of(id, "7@1"))) {
      Program.Result missing = execute("park", wrong.toArray(String[]::new));
      assertThat(missing.code()).isEqualTo(1);
      assertThat(missing.err()).hasSize(1);
      assertThat(missing.err().get(0)).contains(wrong.get(wrong.size() - 1));
    }
    assertThat(execute("park", "7-1")).returns(2, Program.Result::code);
    assertThat(allEndOffsets()).isEqualTo(ends);

    String why = "asked twice,\n\"no\" 带";
    assertThat(execute("park", "--why", why, "--by", "ops", id)).returns(0, Program.Result::code);
    assertThat(auditedIds()).containsExactly(id);
    JsonNode entry = json(audit().get(0).value());
    assertThat(entry.path("action").asText()).isEqualTo("parked");
    assertThat(entry.path("why").asText()).isEqualTo(why);
    assertThat(entry.path("by").asText()).isEqualTo("ops");

    assertThat(statuses()).containsOnlyKeys(ids.get(1));
    assertThat(statuses("--again")).containsOnlyKeys(ids).containsEntry(id, "parked");
    assertThat(plan()).containsEntry("parked", 1L).containsEntry("wouldSucceed", 1L);
    assertThat(report(replay("--yes")).path("sent").asInt()).isEqualTo(1);
    assertThat(replayedIds()).containsExactly(ids.get(1));
    assertThat(report(replay("--again", "--id", id)).path("profiles").asInt()).isEqualTo(1);
    assertThat(replayedIds()).containsExactlyInAnyOrderElementsOf(ids);
    JsonNode sheet = json(deadLetters("show", id).out().get(0));
    assertThat(sheet.path("audit").path(0).path("action").asText()).isEqualTo("parked");
    assertThat(sheet.path("audit").path(1).path("action").asText()).isEqualTo("replayed");
    assertThat(sheet.path("answers").path(0).path("became").asText()).isEqualTo("profile");
    assertThat(plan()).containsEntry("alreadyReplayed", 2L).containsEntry("wouldSucceed", 0L);
  }
}
