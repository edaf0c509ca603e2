package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.kafka.KafkaProperties;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes the visits of simulated users in real time, and counts the answers they must have. */
public final class Traffic {
  /** On each record, and by that on its answer: who finds one sees that no real user is behind. */
  private static final Header SIMULATED =
      new RecordHeader("simulated-by", "wxphone demo".getBytes(UTF_8));

  /** A publication and when it is due; the sequence number orders those of the same time. */
  private record Scheduled(long atNanos, long sequence, Publication publication) {}

  private final TopicNames topics;
  private final Simulator simulator;
  private final long payloads;
  private final double perSecond;
  private final Producer<byte[], byte[]> producer;
  private final AtomicLong published = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Map<Reason, Long> expectedDeadLetters = new EnumMap<>(Reason.class);
  private final PriorityQueue<Scheduled> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Scheduled::atNanos).thenComparingLong(Scheduled::sequence));
  private long nextSequence;
  private volatile boolean stopped;

  /**
   * Creates traffic of which nothing is published yet.
   *
   * @param payloads how many payloads to publish
   * @param perSecond payloads per second
   */
  public Traffic(
      KafkaProperties properties,
      TopicNames topics,
      Simulator simulator,
      long payloads,
      double perSecond) {
    this.topics = topics;
    this.simulator = simulator;
    this.payloads = payloads;
    this.perSecond = perSecond;
    Map<String, Object> config = new HashMap<>(properties.ofClient());
    config.remove("transactional.id");
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Returns whether a record with these headers is of a simulated user. */
  public static boolean isSimulated(Headers headers) {
    return SIMULATED.equals(headers.lastHeader(SIMULATED.key()));
  }

  /** Runs {@link #publishAll} on a thread of its own; the future completes or fails with it. */
  public CompletableFuture<Void> publishInBackground() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                publishAll();
                done.complete(null);
              } catch (InterruptedException | RuntimeException | Error e) {
                done.completeExceptionally(e);
              }
            },
            "simulated-backends");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /**
   * Publishes everything, or what is due before {@link #stop}, and returns when the broker has it.
   *
   * @throws KafkaException if the broker rejects a record
   */
  void publishAll() throws InterruptedException {
    try (producer) {
      long start = System.nanoTime();
      long startMillis = System.currentTimeMillis();
      long begun = 0;
      while (!stopped && (begun < payloads || !queue.isEmpty())) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long dueByNow = Math.min(payloads, (long) (seconds * perSecond) + 1);
        while (begun < dueByNow) {
          // The scheduled time, not the clock: otherwise the same seed would play differently.
          long atMillis = (long) (begun * 1000 / perSecond);
          Visit visit = simulator.next(startMillis + atMillis, payloads - begun);
          enqueue(visit, start + TimeUnit.MILLISECONDS.toNanos(atMillis));
          begun += visit.payloads();
        }
        for (Scheduled due = queue.peek();
            due != null && due.atNanos() - System.nanoTime() <= 0;
            due = queue.peek()) {
          queue.poll();
          send(due.publication());
        }
        TimeUnit.MILLISECONDS.sleep(2);
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new KafkaException("a simulated backend could not publish", failed);
    }
  }

  /** Lets nothing more be published than what is already sent. */
  public void stop() {
    stopped = true;
  }

  /** Returns how many payloads the broker has accepted so far. */
  public long published() {
    return published.get();
  }

  /** Returns the expected dead letters by reason; complete when all is published. */
  public Map<Reason, Long> expectedDeadLetters() {
    return expectedDeadLetters;
  }

  private void enqueue(Visit visit, long beginNanos) {
    for (Publication publication : visit.publications()) {
      long at = beginNanos + TimeUnit.MILLISECONDS.toNanos(publication.atMillis());
      queue.add(new Scheduled(at, nextSequence++, publication));
    }
    for (Reason reason : visit.deadLetters()) {
      expectedDeadLetters.merge(reason, 1L, Long::sum);
    }
  }

  // The callback gets every failure.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(Publication publication) {
    String topic =
        publication.kind() == Publication.Kind.PAYLOAD
            ? topics.phonePayload()
            : topics.sessionKey();
    producer.send(
        new ProducerRecord<>(
            topic,
            partition(topic, publication),
            publication.key(),
            publication.value(),
            List.of(SIMULATED)),
        (sent, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
          } else if (publication.kind() == Publication.Kind.PAYLOAD) {
            published.incrementAndGet();
          }
        });
  }

  /** Returns a wrong partition for a misplaced record, or null to let the producer choose. */
  private @Nullable Integer partition(String topic, Publication publication) {
    byte[] key = publication.key();
    int count = producer.partitionsFor(topic).size();
    if (!publication.misplaced() || key == null || count < 2) {
      return null;
    }
    return wrongPartition(key, count);
  }

  /**
   * Returns the partition that librdkafka's default partitioner (CRC-32) gives a key, or the next
   * one if that is by chance the right one.
   *
   * @param count the number of partitions, at least 2
   */
  static int wrongPartition(byte[] key, int count) {
    CRC32 crc = new CRC32();
    crc.update(key);
    int partition = (int) (crc.getValue() % count);
    return partition == Partitioning.of(key, count) ? (partition + 1) % count : partition;
  }
}
