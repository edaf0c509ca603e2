package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.OutgoingHeaders;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.stream.metrics.AnswerCounts;
import dev.wxphone.stream.metrics.RefusalErrno;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outputs of one task: each forwards a record to its sink, with its timestamp and headers. */
final class AnswerOutputs {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerOutputs.class);

  private final ProcessorContext<Object, byte[]> context;
  private final AnswerCounts counts;

  AnswerOutputs(ProcessorContext<Object, byte[]> context, AnswerCounts counts) {
    this.context = context;
    this.counts = counts;
  }

  /**
   * Forwards a profile.
   *
   * @param received the payload that it answers, or the record that forgets the person
   * @param profile its JSON; null to remove the profile
   */
  void profile(ReceivedRecord received, byte @Nullable [] profile) {
    forward(
        PhoneTopology.PROFILES,
        Objects.requireNonNull(received.key()),
        profile,
        Math.min(clickTime(received), now()),
        OutgoingHeaders.ofProfile(received));
  }

  /** Forwards the dead letter of a payload. */
  void payloadLetter(ReceivedRecord received, Cause cause) {
    deadLetter(received, OutgoingDeadLetter.ofPayload(received, cause, instant()), cause);
  }

  /** Forwards the dead letter of a record of {@code session-key}, its value withheld. */
  void sessionKeyLetter(ReceivedRecord received, Cause cause) {
    deadLetter(received, OutgoingDeadLetter.ofSessionKey(received, cause, instant()), cause);
  }

  private void deadLetter(ReceivedRecord received, OutgoingDeadLetter letter, Cause cause) {
    if (cause.reason() == Reason.PROCESSING_FAILED) {
      LOG.error("{}: {}", received.source(), cause.detail());
    }
    counts.countDeadLetter(cause.reason());
    if (OutgoingDeadLetter.isRefusal(cause.reason())) {
      String errno = HeaderNames.text(letter.headers(), HeaderNames.ERRNO);
      counts.countRefusal(RefusalErrno.of(errno));
    }
    forward(PhoneTopology.DEAD_LETTERS, letter.key(), letter.value(), now(), letter.headers());
  }

  /** Forwards a copy of a payload into its right partition. */
  void reroutedPayload(ReceivedRecord received, int partition) {
    Headers headers = OutgoingHeaders.ofReroutedCopy(received);
    counts.countRerouted(TopicRole.PHONE_PAYLOAD);
    rerouted(PhoneTopology.REROUTED_PAYLOADS, received, partition, headers);
  }

  /** Forwards a copy of a session key into its right partition, and a placeholder in its place. */
  void reroutedSessionKey(ReceivedRecord received, int partition) {
    Headers headers = OutgoingHeaders.ofReroutedSessionKey(received);
    counts.countRerouted(TopicRole.SESSION_KEY);
    rerouted(PhoneTopology.REROUTED_SESSION_KEYS, received, partition, headers);
    placeholder(received, partition);
  }

  /** The copy's timestamp is now, or retention might delete it; its header has the original one. */
  private void rerouted(String sink, ReceivedRecord received, int partition, Headers headers) {
    forward(
        sink,
        new PartitionedKey(Objects.requireNonNull(received.key()), partition),
        received.value(),
        Math.max(clickTime(received), now()),
        headers);
  }

  /**
   * Forwards a null that replaces a session key in the partition where it lies. Otherwise the key
   * would remain there, and a later rebuild of the state would find it after a logout.
   *
   * @param partition where the key belongs
   */
  void placeholder(ReceivedRecord received, int partition) {
    RecordCoordinates source = received.source();
    forward(
        PhoneTopology.REROUTED_SESSION_KEYS,
        new PartitionedKey(Objects.requireNonNull(received.key()), source.partition()),
        null,
        now(),
        OutgoingHeaders.ofPlaceholder(source.topic(), partition));
  }

  /**
   * Forwards a {@link Fence} into this task's partition of {@code session-key}.
   *
   * @param topic the name of {@code session-key}
   */
  void fence(String topic) {
    int partition = context.taskId().partition();
    forward(
        PhoneTopology.REROUTED_SESSION_KEYS,
        new PartitionedKey(Fence.key(), partition),
        null,
        now(),
        OutgoingHeaders.ofPlaceholder(topic, partition));
  }

  private void forward(
      String sink, @Nullable Object key, byte @Nullable [] value, long timestamp, Headers headers) {
    context.forward(new Record<>(key, value, timestamp, headers), sink);
  }

  /** Returns the time that a record states, in milliseconds since 1970. */
  private long clickTime(ReceivedRecord received) {
    return ClickTime.of(received.origin().timestamp(), now()).millis();
  }

  private Instant instant() {
    return Instant.ofEpochMilli(now());
  }

  private long now() {
    return context.currentSystemTimeMs();
  }
}
