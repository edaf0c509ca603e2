package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.TopicNames;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes clicks of users at a constant rate, with Kafka's default settings, until it is closed.
 * The timestamp of each is when it was due, so a publisher that is late makes answers late.
 */
final class ClickStream implements AutoCloseable {
  private final TopicNames topics;
  private final int users;
  private final int perSecond;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CompletableFuture<Void> ended;

  /**
   * Starts to publish.
   *
   * @param users with logins of {@link BenchmarkTraffic}, of which each click draws one
   */
  ClickStream(String bootstrapServers, TopicNames topics, int users, int perSecond) {
    this.topics = topics;
    this.users = users;
    this.perSecond = perSecond;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    ended =
        CompletableFuture.runAsync(this::publish, work -> new Thread(work, "click-stream").start());
  }

  // The answers are waited for.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void publish() {
    Random random = new Random(9);
    long startMillis = System.currentTimeMillis();
    long start = System.nanoTime();
    ClickGenerator clicks = new ClickGenerator(11, startMillis / 1000);
    for (long i = 0; !stopped.get(); i++) {
      long due = TimeUnit.SECONDS.toNanos(i) / perSecond;
      for (long left = due - (System.nanoTime() - start);
          left > 0;
          left = due - (System.nanoTime() - start)) {
        LockSupport.parkNanos(left);
      }
      int user = random.nextInt(users);
      producer.send(
          new ProducerRecord<>(
              topics.phonePayload(),
              null,
              startMillis + TimeUnit.NANOSECONDS.toMillis(due),
              ClickGenerator.openid(user),
              clicks.click(user, 0).getBytes(UTF_8)));
    }
  }

  @Override
  public void close() {
    stopped.set(true);
    ended.join();
    producer.close();
  }
}
