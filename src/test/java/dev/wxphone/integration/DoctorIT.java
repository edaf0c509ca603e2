package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import dev.wxphone.topics.Changelogs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code doctor} on installations that are well, and on some with one thing wrong. */
@ExtendWith(SharedBroker.Extension.class)
final class DoctorIT {
  private static final String APPLY = "wxphone topics apply --partitions 3";
  private static final int MANY = 60;

  private final Installation at;
  private @Nullable KafkaConsumer<byte[], byte[]> member;

  /** The mark, the check, and what was seen; the remedy below it, or nothing. */
  private record Told(String mark, String check, String seen, String remedy) {}

  DoctorIT(SharedBroker broker) {
    at = new Installation(broker);
  }

  @AfterEach
  void end() {
    if (member != null) {
      member.close();
    }
    at.close();
  }

  @Test
  @Execution(CONCURRENT)
  void all_is_well_beside_a_processor_at_work_and_nothing_is_disturbed() throws Exception {
    TestUser visitor = new TestUser();
    at.login(visitor.openid(), visitor.login());
    at.login(new TestUser().openid(), new TestUser().login().replaceFirst("\"openid\".*?,", ""));
    at.publish(at.topics().sessionKey(), null, new TestUser().openid().getBytes(UTF_8), null);
    at.run();
    at.answerTo(at.click(visitor.openid(), visitor.click().json()));
    // A letter, to tell the processor's clock by.
    RecordMetadata refusal = at.click(visitor.openid(), "{\"errMsg\":\"x:fail user deny\"}");
    assertThat(at.answerTo(refusal).topic()).isEqualTo(at.topics().deadLetter());

    Program.Ended ended = doctor();
    assertThat(told(ended)).extracting(Told::mark).containsOnly("ok");
    assertThat(told(ended))
        .extracting(Told::check)
        .containsExactly(
            "brokers",
            "topics",
            "partitions",
            "size limits",
            "retention",
            "transactions",
            "clocks",
            "group",
            "partitioner",
            "clocks",
            "partitioner",
            "session keys",
            "clocks",
            "dead letters");
    assertThat(ended.out()).last().isEqualTo("Nothing is wrong.");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();

    requireNothingCommittedTo(at.topics().deadLetterAudit());
    assertThat(doctor("--json").code()).as("again, at once").isZero();
  }

  @Test
  @Execution(CONCURRENT)
  void a_broker_that_can_not_be_reached_ends_it() throws IOException {
    String address;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + closed.getLocalPort();
    }
    Program.Ended ended = doctor("--bootstrap-servers", address);
    assertThat(told(ended))
        .containsExactly(
            new Told(
                "WRONG",
                "brokers",
                "no Kafka broker answers at " + address + " within 15 s",
                "check --bootstrap-servers, and security.protocol where the cluster wants TLS or"
                    + " SASL"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  @Execution(CONCURRENT)
  void a_missing_topic() {
    process();
    String name = "-Dwxphone.topic.dead-letter-audit=i-am-not-there";
    Program.Ended ended = doctor(name);
    assertThat(told(ended))
        .filteredOn(told -> !told.mark().equals("ok"))
        .containsExactly(
            new Told("WRONG", "topics", "i-am-not-there does not exist", APPLY),
            new Told(
                "?",
                "transactions",
                "i-am-not-there does not exist",
                "make the topics, then run this again"));
    assertThat(ended.out()).last().isEqualTo("1 of 12 is wrong; 1 could not be checked.");
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  @Execution(CONCURRENT)
  void no_topic_at_all() {
    List<String> elsewhere = new ArrayList<>();
    List.of("phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit")
        .forEach(role -> elsewhere.add("-Dwxphone.topic." + role + "=none." + role));
    Program.Ended ended = doctor(elsewhere.toArray(String[]::new));
    assertThat(told(ended))
        .filteredOn(told -> told.mark().equals("WRONG"))
        .hasSize(5)
        .allMatch(told -> told.seen().endsWith(" does not exist"))
        .allMatch(told -> told.remedy().equals("wxphone topics apply"));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource(
      delimiter = '|',
      value = {
        "session-key | cleanup.policy | delete | topics | cleanup.policy is delete, not compact",
        "session-key | min.compaction.lag.ms | 0 | topics | min.compaction.lag.ms is 0, not 604800000",
        "dead-letter | max.message.bytes | 1048588 | size limits | max.message.bytes is 1,048,588, and wxphone writes up to 2,097,152",
      })
  void a_topic_that_is_not_as_it_has_to_be(
      String role, String key, String value, String check, String seen) throws Exception {
    process();
    String topic = at.applicationId() + "." + role;
    at.change(topics -> topics.set(topic, key, value));
    requireWrong(doctor(), new Told("WRONG", check, topic + ": " + seen, APPLY));
  }

  @Test
  @Execution(CONCURRENT)
  void unequal_partition_counts() throws Exception {
    process();
    at.change(topics -> topics.grow(4, at.topics().sessionKey()));
    Told wrong = onlyWrong(doctor());
    assertThat(wrong.check()).isEqualTo("partitions");
    assertThat(wrong.seen())
        .isEqualTo(
            "%s has 3 and %s has 4, so payloads miss their session keys"
                .formatted(at.topics().phonePayload(), at.topics().sessionKey()));
    assertThat(wrong.remedy())
        .startsWith(
            "before the first wxphone run, make %s anew with the 4 of the other"
                .formatted(at.topics().phonePayload()));

    makeState();
    assertThat(onlyWrong(doctor()).remedy()).isEqualTo(Changelogs.MOVE);
  }

  @Test
  @Execution(CONCURRENT)
  void equal_partition_counts_that_are_not_the_states() throws Exception {
    process();
    makeState();
    assertThat(doctor().code()).as("as many as the inputs").isZero();
    at.change(topics -> topics.grow(4, at.topics().sessionKey(), at.topics().phonePayload()));
    assertThat(told(doctor()))
        .contains(
            new Told(
                "WRONG",
                "partitions",
                "4 of %s and of %s, but 3 of %s-users-changelog: wxphone run does not start with another number than its state's"
                    .formatted(
                        at.topics().phonePayload(), at.topics().sessionKey(), at.applicationId()),
                Changelogs.MOVE));
  }

  /** As the first run of the processor does. */
  private void makeState() throws Exception {
    String changelog = at.applicationId() + "-users-changelog";
    at.change(
        topics -> {
          topics.create(changelog, Installation.PARTITIONS);
          topics.set(changelog, "delete.retention.ms", "604800000");
        });
  }

  @Test
  @Execution(CONCURRENT)
  void records_that_librdkafka_put_into_the_wrong_partition() {
    String topic = at.topics().phonePayload();
    int misplaced = 0;
    RecordMetadata last = null;
    for (int i = 0; i < MANY; i++) {
      String openid = new TestUser().openid();
      RecordMetadata sent = at.publish(topic, crc32(openid), openid, "{}");
      if (sent.partition() != Installation.rightPartition(openid)) {
        misplaced++;
        last = sent;
      }
    }
    process();
    Told wrong = onlyWrong(doctor());
    assertThat(wrong.check()).isEqualTo("partitioner");
    assertThat(wrong.seen())
        .matches(
            "%s: \\d+ %% misplaced \\(%d of %d\\), the last one %s \\d+ m?s ago, as by librdkafka"
                .formatted(topic, misplaced, MANY, last == null ? "" : Installation.source(last)));
    assertThat(wrong.remedy()).contains("partitioner=murmur2_random");
  }

  /** librdkafka's consistent_random, its default. */
  private static int crc32(String key) {
    CRC32 crc = new CRC32();
    crc.update(key.getBytes(UTF_8));
    return (int) (crc.getValue() % Installation.PARTITIONS);
  }

  @Test
  @Execution(CONCURRENT)
  void session_keys_of_the_wrong_shape() {
    TestUser visitor = new TestUser();
    at.login(visitor.openid(), visitor.login());
    RecordMetadata bad = at.login(visitor.openid(), "{\"errcode\":40029,\"errmsg\":\"secret\"}");
    process();
    Program.Ended ended = doctor();
    requireWrong(
        ended,
        new Told(
            "WRONG",
            "session keys",
            "%s: 50 %% malformed (1 of 2), as %s: There is no session_key that is base64 of 16 bytes"
                .formatted(at.topics().sessionKey(), Installation.source(bad)),
            "publish the answer of a jscode2session call that succeeded, as it is"));
    assertThat(ended.out().toString()).doesNotContain("secret", visitor.openid());
  }

  @Test
  @Execution(CONCURRENT)
  void what_is_older_than_asked_for_is_not_judged() throws Exception {
    publishAt(System.currentTimeMillis() - Duration.ofHours(2).toMillis(), "not a login");
    process();
    assertThat(doctor("--since", "1h").code()).isZero();
    assertThat(onlyWrong(doctor()).check()).isEqualTo("session keys");
  }

  private void publishAt(long timestamp, String login) throws Exception {
    byte[] key = new TestUser().openid().getBytes(UTF_8);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  at.topics().sessionKey(), null, timestamp, key, login.getBytes(UTF_8)))
          .get();
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_publisher_whose_clock_is_ahead() throws Exception {
    byte[] key = new TestUser().openid().getBytes(UTF_8);
    long ahead = System.currentTimeMillis() + Duration.ofMinutes(20).plusSeconds(50).toMillis();
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      RecordMetadata sent =
          producer
              .send(
                  new ProducerRecord<>(
                      at.topics().phonePayload(), null, ahead, key, "{}".getBytes(UTF_8)))
              .get();
      process();
      requireWrong(
          doctor(),
          new Told(
              "WRONG",
              "clocks",
              "%s: 1 of 1 record in the future, %s by 20 min"
                  .formatted(at.topics().phonePayload(), Installation.source(sent)),
              "let the machines that publish there follow NTP; brokers refuse what is 1 h ahead"));
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_group_that_never_ran_one_that_is_stuck_and_one_that_ended() {
    at.click(new TestUser().openid(), "{}");
    requireWrong(
        doctor(),
        new Told(
            "WRONG",
            "group",
            at.applicationId()
                + " has no offsets: wxphone run was never started, or with another"
                + " application.id",
            "start wxphone run, or name its group: -Dapplication.id=…"));

    process();
    RecordMetadata unread = at.click(new TestUser().openid(), "{}");
    requireWrong(
        doctor(),
        new Told(
            "WRONG",
            "group",
            "%s is stuck in partition %d: 1 record to read, and none was in 5 s"
                .formatted(at.applicationId(), unread.partition()),
            "look at the log and at /ready of wxphone run, and restart it: nothing is lost"));

    assertThat(told(doctor()))
        .as("what the group has not read is judged all the same")
        .extracting(Told::seen)
        .contains(at.topics().phonePayload() + ": 2 records of 24 h, all in their partition");

    leave();
    requireWrong(
        doctor(),
        new Told(
            "WRONG",
            "group",
            at.applicationId() + " has no members, and 1 record to read",
            "start wxphone run; it goes on where it stopped"));
  }

  @Test
  @Execution(CONCURRENT)
  void a_group_that_run_would_refuse_to_start_for_want_of_offsets() throws Exception {
    process();
    leave();
    letter(Reason.USER_DENIED, Instant.now());
    assertThat(onlyWrong(doctor()).seen()).contains("has no members");

    TopicPartition payloads = new TopicPartition(at.topics().phonePayload(), 1);
    try (Admin admin = at.admin()) {
      admin.deleteConsumerGroupOffsets(at.applicationId(), Set.of(payloads)).all().get();
    }
    requireWrong(
        doctor(),
        new Told(
            "WRONG",
            "group",
            "%s has no offsets for 1 of 3 partitions, though %s already holds answers, so wxphone run will refuse to start"
                .formatted(at.applicationId(), at.topics().deadLetter()),
            "name the group that wrote them (-Dapplication.id=…); if this is it, choose wxphone run"
                + " --start latest (only new payloads) or --start earliest (answer all again)"));
    assertThat(onlyWrong(doctor("-Dapplication.id=" + at.applicationId() + ".new")).seen())
        .contains(".new has no offsets, though ");
  }

  @Test
  @Execution(CONCURRENT)
  void a_transaction_that_stays_open() throws Exception {
    process();
    byte[] key = new TestUser().openid().getBytes(UTF_8);
    try (KafkaProducer<byte[], byte[]> hanging =
        producer(Map.of("transactional.id", at.applicationId() + "-hanging"))) {
      hanging.initTransactions();
      hanging.beginTransaction();
      hanging.send(new ProducerRecord<>(at.topics().phonePayload(), 1, key, new byte[0])).get();
      Told wrong = onlyWrong(doctor());
      assertThat(wrong.seen())
          .startsWith("a transaction stays open in " + at.topics().phonePayload() + "-1,");
      hanging.abortTransaction();
      assertThat(doctor().code()).as("its marker is nothing to read").isZero();
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_processor_whose_clock_is_behind() {
    DeadLetterId letter = letter(Reason.USER_DENIED, Instant.now().minus(Duration.ofMinutes(10)));
    process();
    requireWrong(
        doctor(),
        new Told(
            "WRONG",
            "clocks",
            "the processor that writes %s-%d has a clock 10 min behind the broker's"
                .formatted(at.topics().deadLetter(), letter.partition()),
            "let the machines of wxphone run and of the brokers follow NTP"));
  }

  @Test
  @Execution(CONCURRENT)
  void open_letters_that_expire_within_a_day_until_they_are_parked() throws Exception {
    letter(Reason.USER_DENIED, Instant.now());
    DeadLetterId open = letter(Reason.SESSION_KEY_MISSING, Instant.now());
    process();
    assertThat(doctor().code()).as("30 days are long").isZero();

    at.change(topics -> topics.set(at.topics().deadLetter(), "retention.ms", "3600000"));
    Program.Ended ended = doctor();
    assertThat(told(ended))
        .filteredOn(told -> told.mark().equals("WRONG"))
        .extracting(told -> told.check() + ": " + told.seen())
        .containsExactly(
            "topics: %s: retention.ms is 3600000, not 2592000000"
                .formatted(at.topics().deadLetter()),
            "dead letters: 1 open one expires within 24 h");
    assertThat(ended.code()).isEqualTo(1);

    assertThat(InProcess.execute(at.arguments("park", open.toString())).code()).isZero();
    assertThat(onlyWrong(doctor()).check()).isEqualTo("topics");
  }

  private DeadLetterId letter(Reason reason, Instant failedAt) {
    RecordCoordinates source = new RecordCoordinates(at.topics().phonePayload(), 0, 0);
    Headers none = new RecordHeaders();
    Provenance origin = Provenance.of(none, source, failedAt.toEpochMilli());
    byte[] openid = new TestUser().openid().getBytes(UTF_8);
    OutgoingDeadLetter letter =
        OutgoingDeadLetter.ofPayload(
            new ReceivedRecord(openid, "{}".getBytes(UTF_8), none, source, origin),
            new OutgoingDeadLetter.Cause(reason, "It is so.", 0),
            failedAt);
    RecordMetadata sent =
        at.publish(
            at.topics().deadLetter(),
            null,
            letter.key(),
            letter.value(),
            letter.headers().toArray());
    return new DeadLetterId(sent.partition(), sent.offset());
  }

  @Test
  @Execution(CONCURRENT)
  void json_is_an_object_a_line_with_the_remedy() throws Exception {
    List<JsonNode> objects = new ArrayList<>();
    Program.Ended ended = doctor("--json");
    for (String line : ended.out()) {
      objects.add(new ObjectMapper().readTree(line));
    }
    assertThat(objects)
        .hasSize(14)
        .allMatch(object -> object.path("check").isTextual())
        .allMatch(object -> object.path("seen").isTextual())
        .filteredOn(object -> object.path("outcome").asText().equals("wrong"))
        .singleElement()
        .matches(object -> object.path("check").asText().equals("group"))
        .matches(object -> object.path("remedy").asText().startsWith("start wxphone run"));
    assertThat(ended.code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "doctor now",
        "doctor --since soon",
        "doctor --since 0s",
        "doctor --files not-there-but-usage --sideways",
        "doctor -Dwxphone.topic.dead-leter=x"
      })
  void wrong_usage_is_one_line_and_2(String arguments) {
    Program.Ended ended = InProcess.execute(List.of(arguments.split(" ")));
    assertThat(ended.err()).singleElement().asString().startsWith("wxphone: ");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isEqualTo(2);
  }

  /** A member of the processor's group that has read all there is, and will read no more. */
  private void process() {
    Map<String, Object> config = at.kafka().ofReader();
    config.put("group.id", at.applicationId());
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config);
    member = consumer;
    consumer.subscribe(List.of(at.topics().phonePayload(), at.topics().sessionKey()));
    Program.await(
        "it has its partitions",
        () -> {
          consumer.poll(Duration.ofMillis(50));
          return consumer.assignment().size() == 2 * Installation.PARTITIONS;
        });
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    consumer
        .endOffsets(consumer.assignment())
        .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
    consumer.commitSync(ends);
  }

  private void leave() {
    if (member != null) {
      member.close();
      member = null;
    }
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = at.kafka().ofPublisher();
    config.putAll(more);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void requireNothingCommittedTo(String topic) {
    try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(at.kafka().ofReader())) {
      for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
        TopicPartition one = new TopicPartition(topic, partition);
        reader.assign(Set.of(one));
        reader.seekToBeginning(Set.of(one));
        long end = reader.endOffsets(Set.of(one)).getOrDefault(one, 0L);
        Program.await(
            "it is read to its end",
            () -> {
              assertThat(reader.poll(Duration.ofMillis(50)).isEmpty()).isTrue();
              return reader.position(one) >= end;
            });
      }
    }
  }

  private Program.Ended doctor(String... more) {
    List<String> command = new ArrayList<>(List.of("doctor"));
    command.addAll(List.of(more));
    return InProcess.execute(at.arguments(command.toArray(String[]::new)));
  }

  private static void requireWrong(Program.Ended ended, Told expected) {
    assertThat(onlyWrong(ended)).isEqualTo(expected);
  }

  /** The one finding of its kind, for which the exit code is 1. */
  private static Told onlyWrong(Program.Ended ended) {
    List<Told> wrong = told(ended).stream().filter(told -> !told.mark().equals("ok")).toList();
    assertThat(wrong).as(String.join("\n", ended.out())).hasSize(1);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(1);
    return wrong.get(0);
  }

  private static List<Told> told(Program.Ended ended) {
    List<Told> told = new ArrayList<>();
    for (String line : ended.out().subList(0, Math.max(0, ended.out().size() - 2))) {
      if (line.startsWith("       → ")) {
        Told last = told.remove(told.size() - 1);
        told.add(new Told(last.mark(), last.check(), last.seen(), line.substring(9)));
      } else {
        told.add(
            new Told(
                line.substring(0, 6).strip(),
                line.substring(7, 21).strip(),
                line.substring(23),
                ""));
      }
    }
    return told;
  }
}
