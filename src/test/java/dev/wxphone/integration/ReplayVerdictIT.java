package dev.wxphone.integration;

import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.id;
import static dev.wxphone.integration.kit.TestRecords.json;
import static dev.wxphone.integration.kit.TestRecords.textHeader;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.ReplayTestSupport;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/**
 * Whether a replay would succeed, how its attempts are counted, and headers that a backend forges.
 */
@Execution(CONCURRENT)
final class ReplayVerdictIT extends ReplayTestSupport {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  ReplayVerdictIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  void what_happened_meanwhile_decides_what_would_succeed() {
    String ours = "-Dwxphone.appids=" + Clicks.APPID;
    String bothOurs = ours + ",wx-new";
    Program run = installation.run(NO_WAIT, ours);

    TestUser loggedIn = new TestUser();
    String ofLoggedIn = failedClick(loggedIn);
    TestUser oldKey = new TestUser();
    String ofOldKey = failedClick(oldKey);
    TestUser tooOldKey = new TestUser();
    String ofTooOldKey = failedClick(tooOldKey);
    TestUser loggedOut = new TestUser();
    String ofLoggedOut = failedClick(loggedOut);
    TestUser forgotten = new TestUser();
    String ofForgotten = failedClick(forgotten);
    TestUser newer = new TestUser();
    long seconds = System.currentTimeMillis() / 1000;
    String ofNewer =
        deadLetterOf(
            click(
                newer,
                newer.click(newer.previousSessionKey()).plaintext(newer.phone(seconds - 60))));
    TestUser newApp = new TestUser();
    installation.login(newApp.openid(), newApp.login().replace(Clicks.APPID, "wx-new"));
    String ofNewApp =
        deadLetterOf(click(newApp, newApp.click().plaintext(newApp.phone().appid("wx-new"))));
    Map<String, String> before = statuses(ours);
    assertThat(before)
        .containsEntry(ofLoggedIn, "would-fail SESSION_KEY_MISSING")
        .containsEntry(ofOldKey, "would-fail SESSION_KEY_MISSING")
        .containsEntry(ofNewer, "would-fail SESSION_KEY_MISSING")
        .containsEntry(ofNewApp, "would-fail APPID_MISMATCH");

    login(loggedIn);
    login(oldKey);
    login(oldKey, 2);
    login(tooOldKey);
    login(tooOldKey, 3);
    login(loggedOut);
    installation.publish(
        installation.topics().sessionKey(), null, loggedOut.openid().getBytes(UTF_8), null);
    installation.publish(
        installation.topics().sessionKey(),
        null,
        forgotten.openid().getBytes(UTF_8),
        null,
        textHeader(HeaderNames.FORGET, ""));
    login(forgotten);
    login(newer);
    ConsumerRecord<byte[], byte[]> newest = installation.answerTo(click(newer));
    assertThat(newest.topic()).isEqualTo(installation.topics().userProfile());
    installation.login(newer.openid(), newer.login(newer.previousSessionKey()));
    assertThat(statuses(ours))
        .containsOnly(
            Map.entry(ofLoggedIn, "would-succeed"),
            Map.entry(ofOldKey, "would-succeed"),
            Map.entry(ofTooOldKey, "would-fail SESSION_KEY_STALE"),
            Map.entry(ofLoggedOut, "would-fail SESSION_KEY_MISSING"),
            Map.entry(ofForgotten, "would-fail SUPERSEDED"),
            Map.entry(ofNewer, "would-fail SUPERSEDED"),
            Map.entry(ofNewApp, "would-fail APPID_MISMATCH"));
    assertThat(statuses(bothOurs)).containsEntry(ofNewApp, "would-succeed");
    assertThat(plan(bothOurs))
        .containsEntry("wouldSucceed", 3L)
        .containsEntry("wouldFailAgain", 4L);

    // The processor still has the old settings, so nothing is sent to it that they refuse.
    JsonNode first = report(replay("--yes", ours));
    assertThat(first.path("sent").asInt()).isEqualTo(2);
    assertThat(first.path("profiles").asInt()).isEqualTo(2);
    assertThat(json(answerToReplayOf(ofOldKey).value()).path("sessionKeyAge").asInt()).isEqualTo(2);

    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    installation.run(NO_WAIT, bothOurs);
    JsonNode second = report(replay("--yes", bothOurs));
    assertThat(second.path("sent").asInt()).isEqualTo(1);
    assertThat(answerToReplayOf(ofNewApp).topic()).isEqualTo(installation.topics().userProfile());

    JsonNode all = report(replay("--yes", "--all", bothOurs));
    assertThat(all.path("sent").asInt()).isEqualTo(4);
    assertThat(all.path("profiles").asInt()).isZero();
    // In the order of the README's table.
    assertThat(all.path("cameBack"))
        .hasToString("{\"SESSION_KEY_MISSING\":1,\"SESSION_KEY_STALE\":1,\"SUPERSEDED\":2}");
    for (String superseded : List.of(ofNewer, ofForgotten)) {
      assertThat(header(answerToReplayOf(superseded), HeaderNames.REASON)).isEqualTo("SUPERSEDED");
    }
    List<ConsumerRecord<byte[], byte[]>> profiles =
        installation.records(installation.topics().userProfile()).stream()
            .filter(profile -> new String(profile.key(), UTF_8).equals(newer.openid()))
            .toList();
    assertThat(profiles).hasSize(1);
    assertThat(profiles.get(0).value()).isEqualTo(newest.value());
  }

  /** Publishes this many more logins, each with a new key. */
  private void login(TestUser user, int count) {
    for (int i = 0; i < count; i++) {
      SessionKey key = SessionKey.of(TestUser.bytes(SessionKey.LENGTH), Clicks.APPID);
      installation.login(user.openid(), user.login(key));
    }
  }

  @Test
  void a_letter_that_fails_again_counts_its_attempts_up_to_the_limit_and_piles_up_nothing() {
    installation.run(NO_WAIT);
    TestUser user = new TestUser();
    RecordMetadata click =
        click(
            user,
            textHeader("trace", "1"),
            textHeader("trace", "2"),
            new RecordHeader("nothing", (byte[]) null),
            new RecordHeader("binary", new byte[] {0, -1}),
            textHeader("wxphone.reason", "SUPERSEDED"),
            textHeader("__streams.errors.exception", "x"));
    ConsumerRecord<byte[], byte[]> first = installation.answerTo(click);
    ConsumerRecord<byte[], byte[]> letter = first;
    for (int attempt = 2; attempt <= 5; attempt++) {
      assertThat(report(replay("--all", "--openid", user.openid())).toString())
          .contains("\"sent\":1,", "\"cameBack\":{\"SESSION_KEY_MISSING\":1}");
      letter = answerToReplayOf(id(letter));
      assertThat(header(letter, HeaderNames.ATTEMPT)).isEqualTo("" + attempt);
    }
    assertThat(status(id(letter))).isEqualTo("over-limit");
    assertThat(replay("--all", "--openid", user.openid()))
        .returns(0, Program.Result::code)
        .returns(0, ended -> report(ended).path("sent").asInt(-1));

    List<String> names = new ArrayList<>(headerNames(first));
    names.add(names.indexOf(HeaderNames.SOURCE) + 1, HeaderNames.REPLAYED_FROM);
    assertThat(headerNames(letter)).isEqualTo(names);
    assertThat(foreignHeaders(letter)).isEqualTo(foreignHeaders(first)).hasSize(4);
    assertThat(header(letter, HeaderNames.TIMESTAMP)).isEqualTo(click.timestamp() + "");

    assertThat(report(replay("--all", "--max-attempts", "6", "--id", id(letter))).path("sent"))
        .hasToString("1");
    assertThat(header(answerToReplayOf(id(letter)), HeaderNames.ATTEMPT)).isEqualTo("6");
    login(user);
    assertThat(report(replay("--max-attempts", "7", "--openid", user.openid())).path("profiles"))
        .hasToString("1");
  }

  @Test
  void what_a_backend_forges_resets_nothing_and_breaks_nothing() {
    installation.run(NO_WAIT);
    TestUser other = new TestUser();
    String others = failedClick(other);
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
                  textHeader(HeaderNames.ATTEMPT, forged),
                  textHeader(HeaderNames.REPLAYED_FROM, others),
                  textHeader(HeaderNames.TIMESTAMP, attempt == 1 ? "soon" : "9".repeat(18)),
                  textHeader(HeaderNames.REASON, "SUPERSEDED"),
                  textHeader(HeaderNames.RECOVERY, "never"),
                  textHeader(HeaderNames.WITHHELD, "17"),
                  textHeader(HeaderNames.SOURCE, "elsewhere-0@0"),
                  new RecordHeader(HeaderNames.DETAIL, (byte[]) null));
          ConsumerRecord<byte[], byte[]> letter = installation.answerTo(click);
          assertThat(letter.value()).isNotNull();
          assertThat(header(letter, HeaderNames.ATTEMPT)).isEqualTo("" + attempt);
          assertThat(header(letter, HeaderNames.TIMESTAMP)).isEqualTo("" + click.timestamp());
          forgers.add(forger);
          ids.add(id(letter));
          login(forger);
        });
    // A click that claims to be the replay of another's dead letter does not close that one.
    login(other);
    assertThat(status(others)).isEqualTo("would-succeed");
    JsonNode sheet = json(deadLetters("show", others).out().get(0));
    assertThat(sheet.path("open").asBoolean()).isTrue();
    assertThat(sheet.path("answers")).isEmpty();

    assertThat(status(ids.get(0))).isEqualTo("over-limit");
    JsonNode report = report(replay("--yes"));
    assertThat(report.path("sent").asInt()).isEqualTo(attempts.size());
    assertThat(report.path("profiles").asInt()).isEqualTo(attempts.size());
    assertThat(report.path("skipped").path("overAttemptLimit").asInt()).isEqualTo(1);
    assertThat(replayedIds())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(ids.stream().skip(1), Stream.of(others)).toList());
    for (ConsumerRecord<byte[], byte[]> payload : replayedPayloads()) {
      assertThat(headerNames(payload))
          .containsExactly(HeaderNames.TIMESTAMP, HeaderNames.ATTEMPT, HeaderNames.REPLAYED_FROM);
    }
    // The count stops at its limit and does not start over.
    installation.publish(
        installation.topics().sessionKey(), null, forgers.get(0).openid().getBytes(UTF_8), null);
    replay("--all", "--max-attempts", "1001", "--id", ids.get(0));
    assertThat(header(answerToReplayOf(ids.get(0)), HeaderNames.ATTEMPT)).isEqualTo("1000");
  }

  private static List<String> headerNames(ConsumerRecord<byte[], byte[]> record) {
    return Arrays.stream(record.headers().toArray()).map(Header::key).toList();
  }

  /** Returns the headers that are not wxphone's, in order. */
  private static List<String> foreignHeaders(ConsumerRecord<byte[], byte[]> record) {
    return Arrays.stream(record.headers().toArray())
        .filter(header -> !header.key().startsWith("wxphone."))
        .filter(header -> !header.key().startsWith("__streams.errors."))
        .map(header -> header.key() + "=" + Arrays.toString(header.value()))
        .toList();
  }
}
