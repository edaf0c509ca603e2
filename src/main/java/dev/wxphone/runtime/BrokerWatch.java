package dev.wxphone.runtime;

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
  private volatile boolean answered = true;
  private final Thread thread = new Thread(this::run, "broker-watch");

  BrokerWatch(KafkaProperties properties) {
    this.properties = properties;
    thread.setDaemon(true);
  }

  /** Whether one did when last asked. */
  boolean answers() {
    return answered;
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
    thread.interrupt();
  }

  private void run() {
    try (Admin admin = Admin.create(properties.ofAdmin())) {
      while (!Thread.currentThread().isInterrupted()) {
        TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
        boolean answers = answers(admin);
        if (answered && !answers) {
          LOG.warn(
              "no broker answers at {}; nothing is lost, and it goes on when one does",
              properties.bootstrapServers());
        } else if (!answered && answers) {
          LOG.info("a broker answers again at {}", properties.bootstrapServers());
        }
        answered = answers;
        if (answers) {
          whenAnswered.run();
        }
      }
    } catch (InterruptedException | InterruptException e) {
      // close() says so.
    } catch (KafkaException e) {
      LOG.debug("no watch over the broker: {}", e.getClass().getSimpleName());
    }
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
