package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A click waits until the session keys of its time are read, and not much longer. */
@ExtendWith(SharedBroker.Extension.class)
class BacklogIT {
  private static final long SECOND = 1_000;

  private final SharedBroker broker;

  BacklogIT(SharedBroker broker) {
    this.broker = broker;
  }

  /** A minute of traffic while the program is down, each login 3 s after its click. */
  @Test
  void a_backlog_makes_no_letters_that_live_traffic_would_not_have_made() throws Exception {
    int clicks = 600;
    long start = System.currentTimeMillis() - 60 * SECOND;
    try (Installation installation = new Installation(broker);
        Publisher publisher = new Publisher(installation)) {
      for (int i = 0; i < clicks; i++) {
        long at = start + i * 60L * SECOND / clicks;
        SessionKey key = Clicks.key(i);
        publisher.send(installation.topics().phonePayload(), at, "o" + i, click(key, at));
        publisher.send(installation.topics().sessionKey(), at + 3 * SECOND, "o" + i, login(key));
      }
      publisher.flush();
      installation.run("-Dwxphone.session.wait=PT5S");
      Books books = installation.booksOf(clicks);
      assertThat(books.profiles()).isEqualTo(clicks);
      assertThat(books.allDeadLetters()).isZero();
    }
  }

  /**
   * An open transaction hides what lies behind its beginning, as that of a halted process does with
   * the copies of misplaced logins in it.
   */
  @Test
  void a_login_that_an_open_transaction_hides_is_waited_for() throws Exception {
    TestUser user = TestUser.inPartition(1);
    TestUser other = TestUser.inPartition(0);
    try (Installation installation = new Installation(broker);
        KafkaProducer<byte[], byte[]> halted = transactional(installation)) {
      installation.run("-Dwxphone.session.wait=PT1S", "-Dwxphone.reroute=false");
      halted.initTransactions();
      halted.beginTransaction();
      String sessionKeys = installation.topics().sessionKey();
      TestUser hiding = TestUser.inPartition(1);
      halted
          .send(
              new ProducerRecord<>(
                  sessionKeys, 1, hiding.openid().getBytes(UTF_8), hiding.login().getBytes(UTF_8)))
          .get();
      RecordMetadata click = installation.click(user.openid(), user.click().json());
      installation.login(user.openid(), user.login());
      // Each waits for as long, and the second one has begun when the click's time was over.
      for (int i = 0; i < 2; i++) {
        RecordMetadata control = installation.click(other.openid(), other.click().json());
        assertThat(installation.answerTo(control).topic())
            .isEqualTo(installation.topics().deadLetter());
      }
      assertThat(installation.answersTo(click)).isEmpty();
      halted.abortTransaction();
      assertThat(installation.answerTo(click).topic())
          .isEqualTo(installation.topics().userProfile());
    }
  }

  private static KafkaProducer<byte[], byte[]> transactional(Installation installation) {
    Map<String, Object> config = new HashMap<>(installation.kafka().ofClient());
    config.put("transactional.id", installation.applicationId() + "-halted");
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The login is published all along, behind 100,000 others that take long to read. */
  @Test
  void a_click_waits_until_the_logins_of_its_time_are_read_however_long_that_takes()
      throws Exception {
    int others = 100_000;
    long start = System.currentTimeMillis() - 60 * SECOND;
    SessionKey key = Clicks.key(1);
    String openid = "o-late";
    int partition = Partitioning.of(openid.getBytes(UTF_8), Installation.PARTITIONS);
    try (Installation installation = new Installation(broker);
        Publisher publisher = new Publisher(installation)) {
      publisher.send(installation.topics().phonePayload(), start, openid, click(key, start));
      String login = login(Clicks.key(2));
      for (int published = 0, i = 0; published < others; i++) {
        String other = "o" + i;
        if (Partitioning.of(other.getBytes(UTF_8), Installation.PARTITIONS) == partition) {
          publisher.send(installation.topics().sessionKey(), start + 1, other, login);
          published++;
        }
      }
      publisher.send(installation.topics().sessionKey(), start + 2, openid, login(key));
      publisher.flush();
      installation.run("-Dwxphone.session.wait=PT0.1S");
      assertThat(installation.booksOf(1)).returns(1L, Books::profiles);
    }
  }

  /** The copy of the login is behind all clicks, which are more than may wait. */
  @Test
  void a_misplaced_login_in_a_backlog_helps_all_clicks_of_its_user() {
    int clicks = 12;
    TestUser user = new TestUser();
    try (Installation installation = new Installation(broker)) {
      installation.publish(
          installation.topics().sessionKey(),
          Installation.wrongPartition(user.openid()),
          user.openid(),
          user.login());
      for (int i = 0; i < clicks; i++) {
        installation.click(user.openid(), user.click().json());
      }
      installation.run("-Dwxphone.session.wait=PT5S");
      assertThat(installation.booksOf(clicks)).returns((long) clicks, Books::profiles);
    }
  }

  /** An endless stream of other users' logins delays no click. */
  @Test
  void a_click_without_login_becomes_a_letter_while_logins_of_others_keep_coming()
      throws Exception {
    try (Installation installation = new Installation(broker);
        Publisher publisher = new Publisher(installation)) {
      installation.run("-Dwxphone.session.wait=PT1S");
      AtomicBoolean enough = new AtomicBoolean();
      Thread logins =
          new Thread(
              () -> {
                String login = login(Clicks.key(2));
                for (int i = 0; !enough.get(); i++) {
                  publisher.send(
                      installation.topics().sessionKey(),
                      System.currentTimeMillis(),
                      "o" + i % 1_000,
                      login);
                  if (i % 100 == 0) {
                    publisher.flush();
                  }
                }
              });
      logins.start();
      try {
        long now = System.currentTimeMillis();
        RecordMetadata click = installation.click("o-without", click(Clicks.key(1), now));
        assertThat(TestRecords.header(installation.answerTo(click), "wxphone.reason"))
            .isEqualTo(Reason.SESSION_KEY_MISSING.name());
      } finally {
        enough.set(true);
        logins.join();
      }
    }
  }

  private static String click(SessionKey key, long at) {
    return Clicks.under(key).plaintext(Plaintexts.phone().timestamp(at / SECOND)).json();
  }

  private static String login(SessionKey key) {
    return "{\"appid\":\"%s\",\"session_key\":\"%s\"}".formatted(Clicks.APPID, Clicks.base64(key));
  }

  /** Publishes with given timestamps, without waiting for each record. */
  private static final class Publisher implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    Publisher(Installation installation) {
      producer =
          new KafkaProducer<>(
              Map.copyOf(installation.kafka().ofClient()),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }

    void send(String topic, long timestamp, String openid, String value) {
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  topic, null, timestamp, openid.getBytes(UTF_8), value.getBytes(UTF_8))));
    }

    void flush() {
      producer.flush();
      for (Future<RecordMetadata> one : sent) {
        try {
          one.get();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
      sent.clear();
    }

    @Override
    public void close() {
      producer.close();
    }
  }
}
