package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.integration.kit.DoctorTestSupport;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestRecords;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.tools.doctor.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** {@code doctor} on records, a group or a processor with something wrong. */
final class DoctorTrafficIT extends DoctorTestSupport {
  private static final int MANY = 60;

  DoctorTrafficIT(SharedBroker broker) {
    super(broker);
  }

  @Test
  @Execution(CONCURRENT)
  void records_that_librdkafka_put_into_the_wrong_partition() {
    String topic = installation.topics().phonePayload();
    int misplaced = 0;
    RecordMetadata last = null;
    for (int i = 0; i < MANY; i++) {
      TestUser user = new TestUser();
      String openid = user.openid();
      installation.login(openid, user.login());
      RecordMetadata sent = installation.publish(topic, crc32(openid), openid, "{}");
      if (sent.partition() != Installation.rightPartition(openid)) {
        misplaced++;
        last = sent;
      }
    }
    joinGroup();
    Finding wrong = onlyWrong(doctor());
    assertThat(wrong.check()).isEqualTo("partitioner");
    assertThat(wrong.seen())
        .matches(
            "%s: \\d+ %% misplaced \\(%d of %d\\), the last one %s \\d+ m?s ago, as by librdkafka"
                .formatted(topic, misplaced, MANY, last == null ? "" : TestRecords.source(last)));
    assertThat(wrong.remedy()).contains("partitioner=murmur2_random");
  }

  /**
   * Returns the partition that librdkafka's default partitioner, consistent_random, gives a key.
   */
  private static int crc32(String key) {
    CRC32 crc = new CRC32();
    crc.update(key.getBytes(UTF_8));
    return (int) (crc.getValue() % Installation.PARTITIONS);
  }

  @Test
  @Execution(CONCURRENT)
  void session_keys_of_the_wrong_shape() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    RecordMetadata bad =
        installation.login(user.openid(), "{\"errcode\":40029,\"errmsg\":\"secret\"}");
    joinGroup();
    Program.Result ended = doctor();
    requireWrong(
        ended,
        new Finding(
            "WRONG",
            "session keys",
            "%s: 50 %% malformed (1 of 2), as %s: There is no session_key that is base64 of 16 bytes, even after repair"
                .formatted(installation.topics().sessionKey(), TestRecords.source(bad)),
            "publish the answer of a jscode2session call that succeeded, as it is"));
    assertThat(ended.out().toString()).doesNotContain("secret", user.openid());
  }

  @Test
  @Execution(CONCURRENT)
  void what_is_older_than_asked_for_is_not_judged() throws Exception {
    publishAt(System.currentTimeMillis() - Duration.ofHours(2).toMillis(), "not a login");
    joinGroup();
    assertThat(doctor("--since", "1h").code()).isZero();
    assertThat(onlyWrong(doctor()).check()).isEqualTo("session keys");
  }

  private void publishAt(long timestamp, String login) throws Exception {
    byte[] key = new TestUser().openid().getBytes(UTF_8);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  installation.topics().sessionKey(), null, timestamp, key, login.getBytes(UTF_8)))
          .get();
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_publisher_whose_clock_is_ahead() throws Exception {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    byte[] key = user.openid().getBytes(UTF_8);
    long ahead = System.currentTimeMillis() + Duration.ofMinutes(20).plusSeconds(50).toMillis();
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      RecordMetadata sent =
          producer
              .send(
                  new ProducerRecord<>(
                      installation.topics().phonePayload(), null, ahead, key, "{}".getBytes(UTF_8)))
              .get();
      joinGroup();
      requireWrong(
          doctor(),
          new Finding(
              "WRONG",
              "clocks",
              "%s: 1 of 1 record in the future, %s by 20 min"
                  .formatted(installation.topics().phonePayload(), TestRecords.source(sent)),
              "let the machines that publish there follow NTP; brokers refuse what is 1 h ahead"));
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_processor_whose_clock_is_behind() {
    DeadLetterId letter =
        publishDeadLetter(Reason.USER_DENIED, Instant.now().minus(Duration.ofMinutes(10)));
    joinGroup();
    requireWrong(
        doctor(),
        new Finding(
            "WRONG",
            "clocks",
            "the processor that writes %s-%d has a clock 10 min behind the broker's"
                .formatted(installation.topics().deadLetter(), letter.partition()),
            "let the machines of wxphone run and of the brokers follow NTP"));
  }

  @Test
  @Execution(CONCURRENT)
  void a_group_that_never_ran_one_that_is_stuck_and_one_that_ended() {
    TestUser user = new TestUser();
    installation.login(user.openid(), user.login());
    installation.click(new TestUser().openid(), "{}");
    requireWrong(
        doctor(),
        new Finding(
            "WRONG",
            "group",
            installation.applicationId()
                + " has no offsets: wxphone run was never started, or with another"
                + " application.id",
            "start wxphone run, or name its group: -Dapplication.id=…"));

    joinGroup();
    RecordMetadata unread = installation.click(new TestUser().openid(), "{}");
    requireWrong(
        doctor(),
        new Finding(
            "WRONG",
            "group",
            "%s is stuck in partition %d: 1 record to read, and none was in 5 s"
                .formatted(installation.applicationId(), unread.partition()),
            "look at the log and at /ready of wxphone run, and restart it: nothing is lost"));

    assertThat(findings(doctor()))
        .as("what the group has not read is judged all the same")
        .extracting(Finding::seen)
        .contains(
            installation.topics().phonePayload() + ": 2 records of 24 h, all in their partition");

    leaveGroup();
    requireWrong(
        doctor(),
        new Finding(
            "WRONG",
            "group",
            installation.applicationId() + " has no members, and 1 record to read",
            "start wxphone run; it goes on where it stopped"));
  }

  @Test
  @Execution(CONCURRENT)
  void a_group_that_run_would_refuse_to_start_for_want_of_offsets() throws Exception {
    joinGroup();
    leaveGroup();
    publishDeadLetter(Reason.USER_DENIED, Instant.now());
    assertThat(onlyWrong(doctor()).seen()).contains("has no members");

    TopicPartition payloads = new TopicPartition(installation.topics().phonePayload(), 1);
    try (Admin admin = installation.admin()) {
      admin.deleteConsumerGroupOffsets(installation.applicationId(), Set.of(payloads)).all().get();
    }
    requireWrong(
        doctor(),
        new Finding(
            "WRONG",
            "group",
            "%s has no offsets for 1 of 3 partitions, though %s already holds answers, so wxphone run will refuse to start"
                .formatted(installation.applicationId(), installation.topics().deadLetter()),
            "name the group that wrote them (-Dapplication.id=…); if this is it, choose wxphone run"
                + " --start latest (only new payloads) or --start earliest (answer all again)"));
    assertThat(
            onlyWrong(doctor("-Dapplication.id=" + installation.applicationId() + ".new")).seen())
        .contains(".new has no offsets, though ");
  }

  @Test
  @Execution(CONCURRENT)
  void a_transaction_that_stays_open() throws Exception {
    joinGroup();
    byte[] key = new TestUser().openid().getBytes(UTF_8);
    try (KafkaProducer<byte[], byte[]> hanging =
        producer(Map.of("transactional.id", installation.applicationId() + "-hanging"))) {
      hanging.initTransactions();
      hanging.beginTransaction();
      hanging
          .send(new ProducerRecord<>(installation.topics().phonePayload(), 1, key, new byte[0]))
          .get();
      Finding wrong = onlyWrong(doctor());
      assertThat(wrong.seen())
          .startsWith(
              "a transaction stays open in " + installation.topics().phonePayload() + "-1,");
      hanging.abortTransaction();
      assertThat(doctor().code()).as("its marker is nothing to read").isZero();
    }
  }
}
