package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.KafkaProperties;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that no broker answers any longer, and once that one answers again. Each of Kafka's
 * clients would log it several times a second; the stream resumes by itself.
 */
final class BrokerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final KafkaProperties properties;
  private Consumer<Admin> onAnswer = admin -> {};
  private final RestartingThread thread = new RestartingThread("broker-watch", INTERVAL, this::run);

  /** Since when, by {@link System#nanoTime}, it is so. */
  private record Since(boolean answers, long nanos) {}

  private volatile Since since = new Since(true, System.nanoTime());
  private long lastAnswer = System.nanoTime();

  /**
   * Whether brokers answer.
   *
   * @param seconds for how long they have answered without interruption, or have not answered
   */
  record Contact(boolean answers, double seconds) {}

  BrokerWatch(KafkaProperties properties) {
    this.properties = properties;
  }

  /** Returns whether brokers answered the last time, and for how long that is so. */
  Contact contact() {
    Since now = since;
    return new Contact(now.answers(), (System.nanoTime() - now.nanos()) / 1e9);
  }

  /**
   * Starts the watch.
   *
   * @param onAnswer called each time that a broker answers
   */
  void start(Consumer<Admin> onAnswer) {
    this.onAnswer = onAnswer;
    thread.start();
  }

  @Override
  public void close() {
    thread.close();
  }

  private void run(Runnable succeeded) throws InterruptedException {
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
        boolean answers = answers(admin);
        record(answers);
        if (answers) {
          onAnswer.accept(admin);
        }
        succeeded.run();
      }
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      // No client can be created while the broker's name can't be resolved.
      record(false);
      throw e;
    }
  }

  private void record(boolean answers) {
    if (since.answers() && !answers) {
      since = new Since(false, lastAnswer);
      LOG.warn(
          "no broker answers at {}; nothing is lost, and it goes on when one does",
          properties.bootstrapServers());
    } else if (!since.answers() && answers) {
      since = new Since(true, System.nanoTime());
      LOG.info("a broker answers again at {}", properties.bootstrapServers());
    }
    if (answers) {
      lastAnswer = System.nanoTime();
    }
  }

  private static boolean answers(Admin admin) throws InterruptedException {
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs((int) TIMEOUT.toMillis()))
          .nodes()
          .get();
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }
}
