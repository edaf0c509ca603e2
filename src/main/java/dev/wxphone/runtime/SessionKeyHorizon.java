package dev.wxphone.runtime;

import dev.wxphone.settings.Settings;
import dev.wxphone.topology.KeyHorizon;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker where the session keys ended at an instant, and then how far the group has
 * committed reading them. While the broker does not answer nothing passes, and so no payload is
 * given up for the broker's sake. It asks only while someone wants to know.
 *
 * <p>Where misplaced session keys are sent on, a key of an instant may lie in any partition then,
 * and comes to its own only when that one is read. So first all partitions have to be read up to
 * the instant, and then the own one up to where it ends after that.
 */
final class SessionKeyHorizon implements KeyHorizon, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionKeyHorizon.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final long ANSWER_SECONDS = 10;

  /** The ends of all partitions, and an instant at which they surely were no further. */
  private record Ends(long askedAt, Map<TopicPartition, Long> offsets) {}

  private final KafkaProperties properties;
  private final String group;
  private final String topic;
  private final int partitions;
  private final boolean reroute;

  /** The latest instant that anyone asked of each partition, where it has not passed yet. */
  private final Map<Integer, Long> wanted = new ConcurrentHashMap<>();

  private final AtomicReferenceArray<Long> passed;

  /** Misplaced session keys of before this instant have been sent on. */
  private long sentOn = Long.MIN_VALUE;

  private final Thread thread = new Thread(this::run, "session-key-horizon");
  private volatile boolean closed;

  SessionKeyHorizon(KafkaProperties properties, Settings settings, int partitions) {
    this.properties = properties;
    this.group = settings.applicationId();
    this.topic = settings.topics().sessionKey();
    this.partitions = partitions;
    this.reroute = settings.reroute();
    this.passed = new AtomicReferenceArray<>(partitions);
    thread.setDaemon(true);
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
    wanted.merge(partition, instant, Math::max);
    return false;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try (Admin admin = Admin.create(properties.ofClient());
        KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(properties.ofReader())) {
      while (!closed) {
        TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        if (!wanted.isEmpty()) {
          look(admin, reader);
        }
      }
    } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
      // close() says so.
    }
  }

  private void look(Admin admin, KafkaConsumer<byte[], byte[]> reader) throws InterruptedException {
    try {
      Ends ends = ends(admin);
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(ANSWER_SECONDS, TimeUnit.SECONDS);
      long instant = reroute ? sentOn : ends.askedAt();
      boolean all = true;
      for (Map.Entry<TopicPartition, Long> end : ends.offsets().entrySet()) {
        TopicPartition partition = end.getKey();
        OffsetAndMetadata read = committed.get(partition);
        long position = read == null ? 0 : read.offset();
        if (position >= end.getValue() || isEmpty(reader, partition, position, end.getValue())) {
          pass(partition.partition(), instant);
        } else {
          all = false;
        }
      }
      if (all) {
        sentOn = ends.askedAt();
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      LOG.debug("the end of {} is not known: {}", topic, e.getClass().getSimpleName());
    }
  }

  private void pass(int partition, long instant) {
    passed.set(partition, instant);
    wanted.computeIfPresent(partition, (p, asked) -> asked <= instant ? null : asked);
  }

  /** Read committed; of the partitions that anyone wants to know, or of those that decide it. */
  private Ends ends(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
    long askedAt = System.currentTimeMillis();
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    IntStream.range(0, partitions)
        .filter(p -> reroute || wanted.containsKey(p))
        .forEach(p -> specs.put(new TopicPartition(topic, p), OffsetSpec.latest()));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin
            .listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all()
            .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    found.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return new Ends(askedAt, offsets);
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
