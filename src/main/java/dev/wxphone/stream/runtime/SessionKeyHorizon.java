package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.KeyHorizon;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker where the session keys ended at an instant, and then how far the group has
 * committed reading them. While the broker does not answer nothing passes, and so no payload is
 * given up for the broker's sake. It asks only while someone wants to know.
 *
 * <p>It goes in rounds: one takes down where all partitions end, and lasts until the group has read
 * them up to there. Where misplaced session keys are sent on, a key of an instant may lie in any
 * partition then, and comes to its own only when that one is read. So all partitions have to be
 * read up to the instant, in one round, and then the own one up to where it ends after that, in the
 * next.
 */
final class SessionKeyHorizon implements KeyHorizon, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionKeyHorizon.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long ANSWER_SECONDS = 10;

  /**
   * Partitions that are not read yet up to where they ended, and an instant at which they surely
   * were no further.
   */
  private record Round(long askedAt, Map<TopicPartition, Long> unread) {}

  private final KafkaProperties properties;
  private final String group;
  private final String topic;
  private final int partitions;
  private final boolean reroute;

  /** The latest instant that anyone asked of each partition, where it has not passed yet. */
  private final Map<Integer, Long> wanted = new ConcurrentHashMap<>();

  private final AtomicReferenceArray<Long> passed;

  private @Nullable Round round;

  /** When the last whole round began: misplaced session keys of before have been sent on. */
  private long sentOn = Long.MIN_VALUE;

  private Map<TopicPartition, OffsetAndMetadata> committedBefore = Map.of();

  private final RestartingThread thread =
      new RestartingThread("session-key-horizon", PAUSE, this::run);

  /** When it last looked, or someone began to want it, by the clock of {@link System#nanoTime}. */
  private volatile long lookedAt = System.nanoTime();

  SessionKeyHorizon(KafkaProperties properties, Settings settings, int partitions) {
    this.properties = properties;
    this.group = settings.applicationId();
    this.topic = settings.topics().sessionKey();
    this.partitions = partitions;
    this.reroute = settings.reroute();
    this.passed = new AtomicReferenceArray<>(partitions);
  }

  void start() {
    thread.start();
  }

  @Override
  public boolean passed(int partition, long instant) {
    Long reached = passed.get(partition);
    if (reached != null && reached >= instant) {
      return true;
    }
    if (wanted.isEmpty()) {
      lookedAt = System.nanoTime();
    }
    wanted.merge(partition, instant, Math::max);
    return false;
  }

  /** Since it last found out how far the session keys are read; 0 while nobody wants to know. */
  double secondsUnknown() {
    return wanted.isEmpty() ? 0 : (System.nanoTime() - lookedAt) / 1e9;
  }

  @Override
  public void close() {
    thread.close();
  }

  private void run(Runnable went) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(properties.ofAdmin());
        KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(properties.ofReader())) {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        if (!wanted.isEmpty() && look(admin, reader)) {
          lookedAt = System.nanoTime();
          went.run();
        }
      }
    }
  }

  /** False where the broker did not answer for now, which is told elsewhere. */
  private boolean look(Admin admin, KafkaConsumer<byte[], byte[]> reader)
      throws InterruptedException, ExecutionException {
    try {
      Round current = round == null ? newRound(admin) : round;
      round = current;
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(ANSWER_SECONDS, TimeUnit.SECONDS);
      for (TopicPartition partition : List.copyOf(current.unread().keySet())) {
        if (isRead(partition, current, committed, reader)) {
          current.unread().remove(partition);
          pass(partition.partition(), reroute ? sentOn : current.askedAt());
        }
      }
      committedBefore = committed;
      if (current.unread().isEmpty()) {
        sentOn = current.askedAt();
        round = null;
      }
      return true;
    } catch (TimeoutException | RetriableException e) {
      LOG.debug("the end of {} is not known: {}", topic, e.getClass().getSimpleName());
      return false;
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof RetriableException)) {
        throw e;
      }
      LOG.debug("the end of {} is not known: {}", topic, e.getCause().getClass().getSimpleName());
      return false;
    }
  }

  private boolean isRead(
      TopicPartition partition,
      Round current,
      Map<TopicPartition, OffsetAndMetadata> committed,
      KafkaConsumer<byte[], byte[]> reader) {
    long position = position(committed, partition);
    long end = current.unread().getOrDefault(partition, 0L);
    if (position >= end) {
      return true;
    }
    boolean stands = position == position(committedBefore, partition);
    return stands && isEmpty(reader, partition, position, end);
  }

  private static long position(
      Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
    OffsetAndMetadata read = committed.get(partition);
    return read == null ? 0 : read.offset();
  }

  private void pass(int partition, long instant) {
    passed.set(partition, instant);
    wanted.computeIfPresent(partition, (p, asked) -> asked <= instant ? null : asked);
  }

  /** Where all partitions end now, read committed. */
  private Round newRound(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    long askedAt = System.currentTimeMillis();
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    IntStream.range(0, partitions)
        .forEach(p -> specs.put(new TopicPartition(topic, p), OffsetSpec.latest()));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin
            .listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all()
            .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    Map<TopicPartition, Long> ends = new HashMap<>();
    found.forEach((partition, info) -> ends.put(partition, info.offset()));
    return new Round(askedAt, ends);
  }

  /**
   * Whether nothing but transaction markers lies between two offsets. The group commits behind a
   * marker only when it has read a record since its start, so offsets alone might never meet.
   */
  private static boolean isEmpty(
      KafkaConsumer<byte[], byte[]> reader, TopicPartition partition, long from, long to) {
    reader.assign(List.of(partition));
    reader.seek(partition, from);
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (reader.position(partition) < to && System.nanoTime() < giveUp) {
      if (!reader.poll(POLL).isEmpty()) {
        return false;
      }
    }
    return reader.position(partition) >= to;
  }
}
