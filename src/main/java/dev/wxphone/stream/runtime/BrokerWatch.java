package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.KafkaProperties;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once when no broker answers any longer, and once when one does again. Kafka's clients would
 * say it several times a second, each of them; the stream itself goes on by itself.
 */
final class BrokerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  private final KafkaProperties properties;
  private Runnable whenAnswered = () -> {};
  private final RestartingThread thread = new RestartingThread("broker-watch", EVERY, this::run);
  private volatile boolean answered = true;

  /** Since when one has answered, by the clock of {@link System#nanoTime}. */
  private volatile long since = System.nanoTime();

  BrokerWatch(KafkaProperties properties) {
    this.properties = properties;
  }

  /** For how long one has answered whenever asked; NaN where none did the last time. */
  double secondsAnswered() {
    return answered ? (System.nanoTime() - since) / 1e9 : Double.NaN;
  }

  /**
   * Begins.
   *
   * @param whenAnswered is done each time that a broker answers
   */
  void start(Runnable whenAnswered) {
    this.whenAnswered = whenAnswered;
    thread.start();
  }

  @Override
  public void close() {
    thread.close();
  }

  private void run(Runnable went) throws InterruptedException {
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
        boolean answers = answers(admin);
        note(answers);
        if (answers) {
          whenAnswered.run();
        }
        went.run();
      }
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      // No client can be made where the broker's name is not known for now.
      note(false);
      throw e;
    }
  }

  private void note(boolean answers) {
    if (answered && !answers) {
      LOG.warn(
          "no broker answers at {}; nothing is lost, and it goes on when one does",
          properties.bootstrapServers());
    } else if (!answered && answers) {
      since = System.nanoTime();
      LOG.info("a broker answers again at {}", properties.bootstrapServers());
    }
    answered = answers;
  }

  private static boolean answers(Admin admin) throws InterruptedException {
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs((int) ANSWER_WITHIN.toMillis()))
          .nodes()
          .get();
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }
}
