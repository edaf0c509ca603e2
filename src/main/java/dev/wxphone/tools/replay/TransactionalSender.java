package dev.wxphone.tools.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes payloads and their audit records, both or neither. There is one sender for an audit
 * topic at a time: the next one fences it.
 */
final class TransactionalSender implements AutoCloseable {
  /** How long the open transaction of a killed sender may hold up {@code read_committed}. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final TopicNames topics;
  private final String bootstrapServers;

  /** Creates a sender, and fences any other of the same audit topic. */
  TransactionalSender(KafkaProperties properties, TopicNames topics) {
    this.topics = topics;
    this.bootstrapServers = properties.bootstrapServers();
    producer =
        new KafkaProducer<>(
            properties.ofTransactions("wxphone-replay-" + topics.deadLetterAudit(), TIMEOUT),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try {
      // Also completes the transaction of an earlier sender: the audit is final after this.
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw told(e);
    }
  }

  /**
   * Sends the payloads of some letters in one transaction.
   *
   * @throws OperatorException if none was sent, or if that is unknown
   */
  // A failed send fails the commit.
  @SuppressWarnings("FutureReturnValueIgnored")
  void send(List<DeadLetter> letters, AuditRecord audit) {
    byte[] entry = audit.write();
    try {
      producer.beginTransaction();
      for (DeadLetter letter : letters) {
        producer.send(letter.replayed(topics.phonePayload(), System.currentTimeMillis()));
        producer.send(
            new ProducerRecord<>(
                topics.deadLetterAudit(), letter.id().toString().getBytes(UTF_8), entry));
      }
      commit();
    } catch (KafkaException e) {
      abort(e);
      throw told(e);
    }
  }

  /** After a timeout of a commit, the only call that is allowed is the same commit again. */
  private void commit() {
    try {
      producer.commitTransaction();
    } catch (TimeoutException unanswered) {
      producer.commitTransaction();
    }
  }

  /** So that no consumer waits for it; if this fails, the broker aborts it after the timeout. */
  private void abort(KafkaException after) {
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
        InvalidPidMappingException.class,
        // Another client ended our transaction between two of our calls.
        InvalidTxnStateException.class,
        TransactionAbortableException.class);
  }

  private OperatorException told(KafkaException thrown) {
    if (isFenced(thrown)) {
      return OperatorException.failed(
          "another replay has taken over (or this one was held up for longer than %d s), so this one ends; look at the other, and run this again when it is done: each letter goes once"
              .formatted(TIMEOUT.toSeconds()));
    }
    if (KafkaErrors.isCausedBy(thrown, AuthorizationException.class)) {
      return OperatorException.failed(
          "Kafka at %s does not allow this: the principal needs the ACLs Write on the topics %s and %s and on the transactional id wxphone-replay-%s"
              .formatted(
                  bootstrapServers,
                  topics.phonePayload(),
                  topics.deadLetterAudit(),
                  topics.deadLetterAudit()));
    }
    if (KafkaErrors.isCausedBy(thrown, RecordTooLargeException.class)) {
      return OperatorException.failed(
          "a payload is larger than %s takes: raise its max.message.bytes (wxphone topics plan tells), then run this again"
              .formatted(topics.phonePayload()));
    }
    return OperatorException.failed(
        "the brokers at %s did not take a transaction (%s): look at them, then run this again, each letter goes once"
            .formatted(bootstrapServers, KafkaErrors.rootCause(thrown).getClass().getSimpleName()));
  }

  @Override
  public void close() {
    producer.close(TIMEOUT);
  }
}
