package dev.wxphone.tools.doctor;

import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.tools.doctor.Finding.Wrong;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/** Whether the cluster takes transactions, without which nothing is exactly once. */
final class TransactionFinding {
  static final String CHECK = "transactions";

  private TransactionFinding() {}

  /** One was begun and taken back. */
  static Finding available() {
    return new Fine(CHECK, "one was opened and taken back");
  }

  /**
   * Why one could not be made.
   *
   * @param id its transactional id
   */
  static Finding failed(Throwable cause, String id, String topic) {
    if (cause instanceof AuthorizationException) {
      return new Unchecked(
          CHECK,
          "the principal may not open one as " + id,
          "give it the ACLs Write and Describe on the transactional id %s and Write on the topic %s"
              .formatted(id, topic));
    }
    if (cause instanceof ProducerFencedException
        || cause instanceof InvalidProducerEpochException) {
      return new Unchecked(CHECK, "another wxphone doctor is at it", "run this again");
    }
    return new Wrong(
        CHECK,
        cause instanceof TimeoutException
            ? "none can be opened in time"
            : "none can be opened: " + cause.getClass().getSimpleName(),
        "see that __transaction_state is served: transaction.state.log.replication.factor and"
            + " .min.isr ask for no more brokers than there are");
  }
}
