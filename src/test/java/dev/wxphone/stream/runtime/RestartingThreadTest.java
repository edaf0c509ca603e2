package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RestartingThreadTest {
  @Test
  void whatever_is_thrown_the_work_begins_anew_until_it_is_closed() throws InterruptedException {
    // Made when thrown: an InterruptException interrupts the thread that makes it.
    List<Supplier<Throwable>> all =
        List.of(
            () -> new ConfigException("no"),
            () -> new KafkaException("no"),
            () -> new InterruptException("not by us"),
            InterruptedException::new,
            IllegalStateException::new,
            NoClassDefFoundError::new,
            OutOfMemoryError::new);
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch works = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (RestartingThread thread =
        new RestartingThread(
            "test",
            Duration.ofMillis(1),
            went -> {
              int time = begun.getAndIncrement();
              if (time < all.size()) {
                fail(all.get(time).get());
              }
              went.run();
              works.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                ended.countDown();
              }
            })) {
      thread.start();
      works.await();
      assertThat(thread.isAlive()).isTrue();
    }
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(begun).hasValue(all.size() + 1);
  }

  private static void fail(Throwable end) throws Exception {
    if (end instanceof Error error) {
      throw error;
    }
    throw (Exception) end;
  }
}
