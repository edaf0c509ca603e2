package dev.wxphone.tools.skip;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.BatchReader;
import dev.wxphone.kafka.BatchReader.PackedRecord;
import dev.wxphone.kafka.GroupOffsets;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.OversizedRecords;
import dev.wxphone.kafka.OversizedRecords.Head;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.Units;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.ActualTopic;
import dev.wxphone.topics.RequiredTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Moves the group behind a record that the stream can't read, and writes its dead letter, in one
 * transaction. The consumer unpacks all records of a batch before the one that it wants, so those
 * behind the record in its batch can't be read either, and become dead letters with it.
 */
final class Skip implements AutoCloseable {
  /** How long the open transaction of a killed skip may hold up the group. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** A member that has not left counts for its session timeout, 6 s by default. */
  private static final Duration MEMBERS_TIMEOUT = Duration.ofSeconds(15);

  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** No member has this id, so the broker accepts it from an empty group only. */
  private static final String NO_MEMBER = "wxphone-skip";

  /**
   * A record that became a dead letter.
   *
   * @param bytes its size once unpacked
   * @param isWithheld whether the letter is without its value
   * @param letter the letter's id
   */
  record Skipped(
      RecordCoordinates record,
      Reason reason,
      int bytes,
      boolean isWithheld,
      DeadLetterId letter) {}

  /** A dead letter on its way. */
  private record Sent(
      RecordCoordinates record,
      Reason reason,
      int bytes,
      boolean isWithheld,
      Future<RecordMetadata> letter) {

    /** To be called when the transaction is committed. */
    Skipped skipped() {
      try {
        RecordMetadata at = letter.get();
        return new Skipped(
            record, reason, bytes, isWithheld, new DeadLetterId(at.partition(), at.offset()));
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      } catch (ExecutionException e) {
        throw new KafkaException(e);
      }
    }
  }

  private final TopicNames topics;
  private final KafkaProperties properties;
  private final String group;
  private final Admin admin;
  private final GroupOffsets offsets;
  private final BatchReader reader;

  Skip(Settings settings) {
    this.topics = settings.topics();
    this.properties = new KafkaProperties(settings);
    this.group = settings.applicationId();
    this.admin = Admin.create(properties.ofAdmin());
    this.offsets = new GroupOffsets(admin, new AdminCalls(properties.bootstrapServers()), group);
    this.reader = new BatchReader(properties);
  }

  /**
   * Skips a record.
   *
   * @return the letters, that of the record first
   * @throws OperatorException if it is not the next record of the group, if the stream can read it,
   *     or if the group has members; nothing is changed then
   */
  List<Skipped> skip(RecordCoordinates at) {
    Map<String, ActualTopic> found =
        RequiredTopics.read(
            properties, List.of(topics.phonePayload(), topics.sessionKey(), topics.deadLetter()));
    int partitions = Objects.requireNonNull(found.get(at.topic())).partitions();
    if (at.partition() >= partitions) {
      throw OperatorException.failed(
          "there is no partition %d of %s, which has %s; the line with which wxphone run ends names the record"
              .formatted(at.partition(), at.topic(), Units.count(partitions, "partition")));
    }
    awaitNoMembers();
    TopicPartition partition = new TopicPartition(at.topic(), at.partition());
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            properties.ofTransactions(transactionalId(group), TIMEOUT),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      // Also ends the transaction of another skip: the offset is final after this.
      producer.initTransactions();
      long committed = require(partition, offsets.stable(List.of(partition)));
      Head head = require(at, partition, committed);
      return commit(producer, head.record(), committed, partitions);
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  static String transactionalId(String group) {
    return "wxphone-skip-" + group;
  }

  private void awaitNoMembers() {
    long end = System.nanoTime() + MEMBERS_TIMEOUT.toNanos();
    while (offsets.members() > 0) {
      if (System.nanoTime() > end) {
        throw members();
      }
      try {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  private OperatorException members() {
    return OperatorException.failed(
        "the group %s has members: stop each wxphone run of it first, then run this again; one that was killed counts for its session.timeout.ms"
            .formatted(group));
  }

  private long require(TopicPartition partition, Map<TopicPartition, Long> offsets) {
    Long committed = offsets.get(partition);
    if (committed == null) {
      throw OperatorException.failed(
          "the group %s has no offset for %s: start wxphone run first, or name its group with -Dapplication.id=…"
              .formatted(group, partition));
    }
    return committed;
  }

  private Head require(RecordCoordinates at, TopicPartition partition, long committed) {
    if (committed > at.offset()) {
      throw OperatorException.failed(
          "the group %s is behind %s already, at offset %d: nothing is to be skipped, start wxphone run"
              .formatted(group, at, committed));
    }
    Head head = OversizedRecords.head(reader, partition, committed);
    String refusal = refusal(group, at, head);
    if (refusal != null) {
      throw OperatorException.failed(refusal);
    }
    return Objects.requireNonNull(head);
  }

  /**
   * Returns why a record must not be skipped; null if it may be.
   *
   * @param head the next record of the group; null if there is none
   */
  static @Nullable String refusal(String group, RecordCoordinates at, @Nullable Head head) {
    if (head == null) {
      return "%s has no record at or behind the offset of the group %s: start wxphone run, which answers what comes"
          .formatted(at.topic() + "-" + at.partition(), group);
    }
    long next = head.record().offset();
    if (next > at.offset()) {
      return "there is no record %s: the next one of the group %s is %s; the line with which wxphone run ends names the record"
          .formatted(at, group, head.record().coordinates());
    }
    if (next < at.offset()) {
      return "the group %s has not answered what lies before %s, from %s on: start wxphone run, which answers that, and ends at a record that it can't read"
          .formatted(group, at, head.record().coordinates());
    }
    return head.isOversized()
        ? null
        : "%s has %s, which wxphone run can read: start it, with more memory if it had too little (java -Xmx2g)"
            .formatted(at, Units.count(head.largest(), "byte"));
  }

  private List<Skipped> commit(
      Producer<byte[], byte[]> producer, PackedRecord first, long committed, int partitions) {
    List<Sent> sent = new ArrayList<>();
    producer.beginTransaction();
    try {
      producer.sendOffsetsToTransaction(
          Map.of(first.partition(), new OffsetAndMetadata(first.batchEnd())), nobodyIn(group));
      // From now on, a member that joins waits for this transaction before it reads its offsets.
      if (offsets.members() > 0) {
        throw members();
      }
      if (require(first.partition(), offsets.committed(List.of(first.partition()))) != committed) {
        throw OperatorException.failed(
            "the group %s went on meanwhile: run this again".formatted(group));
      }
      boolean isSessionKey = first.partition().topic().equals(topics.sessionKey());
      reader.read(
          first.partition(),
          first.offset(),
          record -> {
            if (record.offset() >= first.offset() && record.offset() < first.batchEnd()) {
              sent.add(send(producer, new SkippedRecord(record, isSessionKey, partitions)));
            }
          });
      commit(producer);
    } catch (OperatorException | KafkaException e) {
      abort(producer, e);
      throw e;
    }
    return sent.stream().map(Sent::skipped).toList();
  }

  /** A real consumer's would be accepted from a group with members, too. */
  // Kafka 5.0 makes it an interface, which can be implemented.
  @SuppressWarnings("removal")
  private static ConsumerGroupMetadata nobodyIn(String group) {
    return new ConsumerGroupMetadata(group, -1, NO_MEMBER, Optional.empty());
  }

  private Sent send(Producer<byte[], byte[]> producer, SkippedRecord skipped) {
    OutgoingDeadLetter letter = skipped.letter(Instant.now());
    Future<RecordMetadata> sent =
        producer.send(
            new ProducerRecord<>(
                topics.deadLetter(), null, letter.key(), letter.value(), letter.headers()));
    return new Sent(
        skipped.record().coordinates(),
        skipped.cause().reason(),
        skipped.record().bytes(),
        letter.value() == null,
        sent);
  }

  /** After a timeout of a commit, the only call that is allowed is the same commit again. */
  private static void commit(Producer<byte[], byte[]> producer) {
    try {
      producer.commitTransaction();
    } catch (TimeoutException unanswered) {
      producer.commitTransaction();
    }
  }

  /** So that nobody waits for it; if this fails, the broker aborts it after the timeout. */
  private static void abort(Producer<byte[], byte[]> producer, RuntimeException after) {
    if (isFenced(after) || after instanceof TimeoutException) {
      return;
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException tooLate) {
      // The first exception is the one to report.
      return;
    }
  }

  private static boolean isFenced(Throwable thrown) {
    return KafkaErrors.isCausedBy(
        thrown,
        ProducerFencedException.class,
        InvalidProducerEpochException.class,
        InvalidPidMappingException.class);
  }

  private OperatorException failure(KafkaException thrown) {
    if (KafkaErrors.isCausedBy(thrown, CommitFailedException.class)) {
      return members();
    }
    if (isFenced(thrown)) {
      return OperatorException.failed(
          "another skip of the group %s has taken over: look at that one".formatted(group));
    }
    if (KafkaErrors.isCausedBy(thrown, AuthorizationException.class)) {
      return OperatorException.failed(
          "Kafka at %s does not allow this: the principal needs the ACLs Read on the inputs and on the group %s, Write on the topic %s and on the transactional id %s"
              .formatted(
                  properties.bootstrapServers(),
                  group,
                  topics.deadLetter(),
                  transactionalId(group)));
    }
    return OperatorException.failed(
        "the brokers at %s did not take the transaction (%s): look at them, then run this again"
            .formatted(
                properties.bootstrapServers(),
                KafkaErrors.rootCause(thrown).getClass().getSimpleName()));
  }

  @Override
  public void close() {
    reader.close();
    admin.close();
  }
}
