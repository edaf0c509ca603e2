package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.Horizon;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the broker where a topic ended at an instant, and then how far the group has committed
 * it. While no broker answers, no instant passes, so no payload fails because of the broker. It
 * sends requests only while an instant is waited for.
 *
 * <p>It works in rounds: a round records the end offset of a partition and lasts until the group
 * has committed it. If misplaced records are rerouted, a record may lie in any partition at the
 * instant, and gets to its own only when that one is read. So all partitions must be read up to the
 * instant, in one round, and then the one that is asked for up to its end after that, in the next.
 */
final class TopicHorizon implements Horizon, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicHorizon.class);

  /** As often as the stream commits: what is asked for in between has not changed. */
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private static final Duration RESTART_AFTER = Duration.ofSeconds(1);
  private static final Duration READ_AT_MOST = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final long TIMEOUT_SECONDS = 10;

  /**
   * When it was read what lies behind a position.
   *
   * @param at by {@link System#nanoTime}
   */
  private record Look(long position, long at) {}

  /** Partitions that are not read up to their end offsets yet. */
  private static final class Round {
    private final long begunAt;
    private final Map<TopicPartition, Long> unread;

    /**
     * Begins a round.
     *
     * @param begunAt epoch millis before the end offsets were requested
     * @param ends end offsets
     */
    Round(long begunAt, Map<TopicPartition, Long> ends) {
      this.begunAt = begunAt;
      this.unread = new HashMap<>(ends);
    }
  }

  private final KafkaProperties properties;
  private final String group;
  private final String topic;
  private final int partitions;
  private final boolean reroute;

  /** The latest instant, in epoch millis, that each partition waits for. */
  private final Map<Integer, Long> awaited = new ConcurrentHashMap<>();

  private final AtomicReferenceArray<Long> passed;

  /** The round of each partition; the same one of all if misplaced records are rerouted. */
  private final Map<Integer, Round> rounds = new HashMap<>();

  /** When the last complete round began: earlier misplaced records have been rerouted. */
  private long reroutedBefore = Long.MIN_VALUE;

  private Map<TopicPartition, OffsetAndMetadata> committedBefore = Map.of();

  private final Map<TopicPartition, Look> looks = new HashMap<>();

  private final RestartingThread thread;

  /** When offsets were last read, or began to be awaited, by {@link System#nanoTime}. */
  private volatile long updatedAt = System.nanoTime();

  /**
   * Creates the horizon of a topic.
   *
   * @param topic its name
   * @param partitions its number of partitions
   */
  TopicHorizon(KafkaProperties properties, Settings settings, String topic, int partitions) {
    this.properties = properties;
    this.group = settings.applicationId();
    this.topic = topic;
    this.partitions = partitions;
    this.reroute = settings.reroute();
    this.passed = new AtomicReferenceArray<>(partitions);
    this.thread = new RestartingThread(topic + "-horizon", RESTART_AFTER, this::run);
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
    if (awaited.isEmpty()) {
      updatedAt = System.nanoTime();
    }
    awaited.merge(partition, instant, Math::max);
    return false;
  }

  /** Returns the seconds since offsets were last read; 0 while nobody waits for them. */
  double secondsUnknown() {
    return awaited.isEmpty() ? 0 : (System.nanoTime() - updatedAt) / 1e9;
  }

  @Override
  public void close() {
    thread.close();
  }

  private void run(Runnable succeeded) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(properties.ofAdmin());
        TopicReader reader = new TopicReader(properties, read -> {})) {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
        if (!awaited.isEmpty() && update(admin, reader)) {
          updatedAt = System.nanoTime();
          succeeded.run();
        }
      }
    }
  }

  /** Returns false if no broker answers for now, which {@link BrokerWatch} logs. */
  private boolean update(Admin admin, TopicReader reader)
      throws InterruptedException, ExecutionException {
    try {
      beginRounds(admin);
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (Round round : Set.copyOf(rounds.values())) {
        for (TopicPartition partition : List.copyOf(round.unread.keySet())) {
          if (isRead(partition, round, committed, reader)) {
            round.unread.remove(partition);
            pass(partition.partition(), reroute ? reroutedBefore : round.begunAt);
          }
        }
        if (round.unread.isEmpty()) {
          reroutedBefore = round.begunAt;
          rounds.values().removeIf(round::equals);
        }
      }
      committedBefore = committed;
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
      TopicReader reader) {
    long position = position(committed, partition);
    long end = current.unread.getOrDefault(partition, 0L);
    if (position >= end) {
      return true;
    }
    // The group commits behind the marker of a transaction only if it has read a record since its
    // start, so offsets alone might never meet.
    return position == position(committedBefore, partition)
        && isLookedAtAgain(partition, position)
        && !reader.mayHoldRecords(
            READ_AT_MOST,
            new TopicReader.Span(Map.of(partition, position), Map.of(partition, end)));
  }

  /** In a backlog a position stands still for many intervals, and reading behind it is dear. */
  private boolean isLookedAtAgain(TopicPartition partition, long position) {
    Look last = looks.get(partition);
    long now = System.nanoTime();
    if (last != null && last.position() == position && now - last.at() < LOOK_AGAIN.toNanos()) {
      return false;
    }
    looks.put(partition, new Look(position, now));
    return true;
  }

  private static long position(
      Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
    OffsetAndMetadata read = committed.get(partition);
    return read == null ? 0 : read.offset();
  }

  private void pass(int partition, long instant) {
    passed.set(partition, instant);
    awaited.computeIfPresent(partition, (p, asked) -> asked <= instant ? null : asked);
  }

  /**
   * Begins the rounds that are not going on, with ends behind what is not committed yet: an open
   * transaction, as that of a halted process, hides what others have written behind its beginning.
   */
  private void beginRounds(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    long begunAt = System.currentTimeMillis();
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    IntStream.range(0, partitions)
        .filter(partition -> !rounds.containsKey(partition))
        .forEach(partition -> specs.put(new TopicPartition(topic, partition), OffsetSpec.latest()));
    if (specs.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .all()
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, found) -> ends.put(partition, found.offset()));
    Round ofAll = new Round(begunAt, ends);
    ends.forEach(
        (partition, end) ->
            rounds.put(
                partition.partition(),
                reroute ? ofAll : new Round(begunAt, Map.of(partition, end))));
  }
}
