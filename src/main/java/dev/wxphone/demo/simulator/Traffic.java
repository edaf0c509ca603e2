package dev.wxphone.demo.simulator;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.kafka.KafkaProperties;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes the visits of simulated users as they happen, and knows what should come of them. */
public final class Traffic {
  /** A publication, when it is due, and which it is of all, to keep those of one time in order. */
  private record Due(long atNanos, long number, Publication publication) {}

  private final TopicNames topics;
  private final Simulator simulator;
  private final long payloads;
  private final double perSecond;
  private final Producer<byte[], byte[]> producer;
  private final AtomicLong published = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Map<Reason, Long> expectedLetters = new EnumMap<>(Reason.class);
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::number));
  private long numbered;
  private volatile boolean stopped;

  /**
   * Traffic that is not published yet.
   *
   * @param payloads after so many nobody comes any longer
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

  /** Publishes all from a thread of its own; done, or failed, when {@link #publishAll} is. */
  public CompletableFuture<Void> publishInBackground() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                publishAll();
                done.complete(null);
              } catch (InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            "simulated-backends");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /** Publishes all, or up to {@link #stop}, and returns when the broker has it. */
  void publishAll() throws InterruptedException {
    try (producer) {
      long start = System.nanoTime();
      long startMillis = System.currentTimeMillis();
      long begun = 0;
      while (!stopped && (begun < payloads || !queue.isEmpty())) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long dueByNow = Math.min(payloads, (long) (seconds * perSecond) + 1);
        while (begun < dueByNow) {
          // By the timetable, not by the clock, on which the same seed would play otherwise.
          long atMillis = (long) (begun * 1000 / perSecond);
          Simulator.Visit visit = simulator.next(startMillis + atMillis, payloads - begun);
          enqueue(visit, start + TimeUnit.MILLISECONDS.toNanos(atMillis));
          begun += visit.payloads();
        }
        for (Due due = queue.peek();
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

  /** Publishes no more than what is on its way. */
  public void stop() {
    stopped = true;
  }

  /** Payloads published so far. */
  public long published() {
    return published.get();
  }

  /** How many dead letters of each reason should come of all; complete when all is published. */
  public Map<Reason, Long> expectedLetters() {
    return expectedLetters;
  }

  private void enqueue(Simulator.Visit visit, long beginNanos) {
    for (Publication publication : visit.publications()) {
      long at = beginNanos + TimeUnit.MILLISECONDS.toNanos(publication.atMillis());
      queue.add(new Due(at, numbered++, publication));
    }
    for (Reason letter : visit.letters()) {
      expectedLetters.merge(letter, 1L, Long::sum);
    }
  }

  // The callback hears of every failure.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(Publication publication) {
    String topic =
        publication.kind() == Publication.Kind.PAYLOAD
            ? topics.phonePayload()
            : topics.sessionKey();
    producer.send(
        new ProducerRecord<>(
            topic, partition(topic, publication), publication.key(), publication.value()),
        (sent, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
          } else if (publication.kind() == Publication.Kind.PAYLOAD) {
            published.incrementAndGet();
          }
        });
  }

  /** The wrong one where another partitioner is at work, else null for the producer to choose. */
  private @Nullable Integer partition(String topic, Publication publication) {
    byte[] key = publication.key();
    int count = producer.partitionsFor(topic).size();
    if (!publication.misplaced() || key == null || count < 2) {
      return null;
    }
    return wrongPartition(key, count);
  }

  /**
   * Where librdkafka's default puts a key, CRC-32 of it; and where that is by chance right, the
   * next one.
   *
   * @param count 2 partitions or more
   */
  static int wrongPartition(byte[] key, int count) {
    CRC32 crc = new CRC32();
    crc.update(key);
    int partition = (int) (crc.getValue() % count);
    return partition == Partitioning.of(key, count) ? (partition + 1) % count : partition;
  }
}
