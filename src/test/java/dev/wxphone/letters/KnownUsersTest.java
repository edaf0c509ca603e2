package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.stream.store.UserStateFormat;
import dev.wxphone.stream.topology.Answer;
import dev.wxphone.stream.topology.Sent;
import dev.wxphone.stream.topology.TestStream;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who reads the topics from end to end knows of each openid what the processor has stored. */
class KnownUsersTest {
  private static final int RUNS = 300;
  private static final int RECORDS = 40;
  private static final List<String> OPENIDS = TestStream.HOME.subList(0, 3);

  private final long seed = Long.getLong("wxphone.seed", System.nanoTime());

  @Test
  void what_is_known_after_any_records_is_what_the_processor_has_stored() {
    Random random = new Random(seed);
    int keys = 0;
    int watermarks = 0;
    int forgotten = 0;
    for (int run = 0; run < RUNS; run++) {
      TestStream.Given given =
          TestStream.given()
              .setting("wxphone.session.wait", "PT0S")
              .setting("wxphone.session.keys", "" + (1 + random.nextInt(4)))
              .setting("wxphone.reroute", "" + random.nextBoolean())
              .setting("wxphone.appids", random.nextBoolean() ? "" : Clicks.APPID);
      try (TestStream stream = given.start()) {
        KnownUsers users = play(random, stream, given);
        for (String openid : allOpenids()) {
          UserState known = users.of(openid);
          byte[] stored = stream.stored(Changelogs.USERS).get(Bytes.wrap(openid.getBytes(UTF_8)));
          UserState processors = butHowOftenStale(UserStateFormat.read(stored));
          assertThat(UserStateFormat.write(known))
              .as("seed %d, run %d, %s: %s and %s", seed, run, openid, known, processors)
              .isEqualTo(UserStateFormat.write(processors));
          keys += known.keys().size();
          watermarks += known.newestWatermark() == UserState.NEVER ? 0 : 1;
          forgotten += known.forgottenAt() == UserState.NEVER ? 0 : 1;
        }
      }
    }
    // Else there was nothing to know.
    assertThat(List.of(keys, watermarks, forgotten)).allMatch(count -> count > RUNS / 10);
  }

  /** What payloads amounted to when they came is on no topic, and a trial does not go by it. */
  private static UserState butHowOftenStale(UserState state) {
    return new UserState(
        state.keys(),
        state.unionid(),
        state.newestWatermark(),
        state.forgottenAt(),
        state.loggedOutAt(),
        List.of(),
        UserState.NEVER);
  }

  private static Set<String> allOpenids() {
    Set<String> all = new TreeSet<>(OPENIDS);
    all.add(TestStream.AWAY);
    return all;
  }

  /** Publishes records to the stream, and shows them to a reader in the order of the topics. */
  private static KnownUsers play(Random random, TestStream stream, TestStream.Given given) {
    KnownUsers users = new KnownUsers(given.load(), allOpenids());
    List<Answer> profiles = new ArrayList<>();
    for (int offset = 0; offset < RECORDS; offset++) {
      stream.advance(Duration.ofMillis(random.nextInt(3_000)));
      if (random.nextInt(3) == 0) {
        String openid = OPENIDS.get(random.nextInt(OPENIDS.size()));
        stream.payload(
            Sent.of(
                openid,
                Clicks.under(key(random))
                    .plaintext(
                        Plaintexts.phone().timestamp(Clicks.SECONDS + random.nextInt(100)))));
      } else {
        Sent sent = sessionKey(random, stream.now());
        stream.sessionKey(sent);
        long at = sent.at() == null ? stream.now() : sent.at();
        users.onSessionKey(
            record(TestStream.SESSION_KEYS, offset, at, sent.key(), sent.value(), sent.headers()),
            TestStream.PARTITIONS);
      }
      profiles.addAll(stream.profiles());
    }
    for (Answer profile : profiles) {
      users.onProfile(
          record(
              TestStream.PROFILES,
              0,
              profile.timestamp(),
              profile.key(),
              profile.value(),
              profile.record().headers()));
    }
    return users;
  }

  private static Sent sessionKey(Random random, long now) {
    String openid = OPENIDS.get(random.nextInt(OPENIDS.size()));
    SessionKey key = key(random);
    Sent sent =
        switch (random.nextInt(16)) {
          case 0, 1 -> Sent.logout(openid);
          case 2 -> Sent.forget(openid);
          case 3 -> Sent.logout(openid).header(HeaderNames.REROUTED_TO, "session-key-3");
          case 4 -> Sent.login(TestStream.AWAY, key);
          case 5 ->
              Sent.login(TestStream.AWAY, key).header(HeaderNames.REROUTED_FROM, "session-key-3@1");
          case 6 -> Sent.of(openid, "no JSON");
          case 7 -> Sent.of(openid, Objects.requireNonNull(Sent.login("o-somebody", key).value()));
          case 8 -> Sent.of(openid, "{\"appid\":\"wx\",\"session_key\":\"AAAA\"}");
          case 9 -> Sent.keyed(null, Sent.login(openid, key).value());
          case 10 -> Sent.login(openid, key).header("large", new byte[33 * 1024]);
          case 11 -> Sent.login(openid, Clicks.key(random.nextInt(5), null));
          case 12 -> Sent.login(openid, key, random.nextBoolean() ? "" : "u" + random.nextInt(3));
          default -> Sent.login(openid, key);
        };
    if (random.nextInt(4) == 0) {
      sent = sent.header(HeaderNames.TIMESTAMP, "" + (now - random.nextInt(100_000)));
    }
    return random.nextInt(4) == 0 ? sent.at(now - random.nextInt(100_000)) : sent;
  }

  private static SessionKey key(Random random) {
    return Clicks.key(random.nextInt(5));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic,
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        headers,
        Optional.empty());
  }
}
