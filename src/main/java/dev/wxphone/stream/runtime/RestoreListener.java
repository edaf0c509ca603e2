package dev.wxphone.stream.runtime;

import dev.wxphone.stream.metrics.AnswerCounts;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows how far the state is restored from Kafka, and logs, once per stream, that it is, as after
 * a crash. {@link KafkaStreamsLogFilter} suppresses what Kafka Streams logs of it, a stack trace
 * for each partition.
 */
final class RestoreListener implements StateRestoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreListener.class);

  /** The offsets of a changelog's partition, which has a record at most of the offsets. */
  private record Span(long start, long position, long end) {
    long remaining() {
      return Math.max(0, end - position);
    }
  }

  private final AnswerCounts counts;

  /** Those that are done stay until all are, so that the share does not go back. */
  private final Map<TopicPartition, Span> spans = new HashMap<>();

  private boolean logged;

  RestoreListener(AnswerCounts counts) {
    this.counts = counts;
  }

  /** Returns how many records are still to be restored, at most. */
  synchronized long remaining() {
    return spans.values().stream().mapToLong(Span::remaining).sum();
  }

  /** Returns which share is restored, from 0 to 1; NaN if nothing is to be restored. */
  synchronized double share() {
    long all = spans.values().stream().mapToLong(span -> span.end() - span.start()).sum();
    return remaining() == 0 ? Double.NaN : 1 - (double) remaining() / all;
  }

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String store, long start, long end) {
    if (end > start) {
      spans.put(partition, new Span(start, start, end));
    }
  }

  /** After a clean end there is at most the marker of a transaction to read, and no record. */
  @Override
  public synchronized void onBatchRestored(
      TopicPartition partition, String store, long batchEnd, long records) {
    counts.addRestored(records);
    spans.computeIfPresent(
        partition, (key, span) -> new Span(span.start(), batchEnd + 1, span.end()));
    if (records > 0 && !logged) {
      logged = true;
      LOG.info("state that is not on this disk, or not surely whole, is restored from Kafka");
    }
  }

  @Override
  public synchronized void onRestoreEnd(TopicPartition partition, String store, long records) {
    spans.computeIfPresent(
        partition, (key, span) -> new Span(span.start(), span.end(), span.end()));
    if (remaining() == 0) {
      spans.clear();
    }
  }

  /** Another process restores it from now on. */
  @Override
  public synchronized void onRestoreSuspended(
      TopicPartition partition, String store, long records) {
    spans.remove(partition);
  }
}
