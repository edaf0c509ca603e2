package dev.wxphone.stream.runtime;

import dev.wxphone.kafka.KafkaErrors;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A background thread that ends only by {@link #close}: whatever its work throws is logged once,
 * and the work restarts after a pause. Without this thread the stream would run on and look
 * healthy.
 */
final class RestartingThread implements AutoCloseable {
  /** Runs until it is interrupted; creates and closes its own clients. */
  @FunctionalInterface
  interface Work {
    /**
     * Runs.
     *
     * @param succeeded to be called after each round without an error
     */
    void run(Runnable succeeded) throws Exception;
  }

  private static final Logger LOG = LoggerFactory.getLogger(RestartingThread.class);

  private final String name;
  private final Duration pause;
  private final Work work;
  private final Thread thread;

  /** Used by the thread alone: class names of causes logged since its last success. */
  private final Set<String> logged = new HashSet<>();

  private volatile boolean closed;

  RestartingThread(String name, Duration pause, Work work) {
    this.name = name;
    this.pause = pause;
    this.work = work;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        work.run(this::succeeded);
      } catch (Throwable end) {
        if (!closed) {
          log(end);
        }
      }
      pause();
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      // By close(): the loop ends.
    }
  }

  private void succeeded() {
    if (!logged.isEmpty()) {
      logged.clear();
      LOG.info("{} goes on", name);
    }
  }

  /** Even an error in logging, as when memory is short, must not end the thread. */
  private void log(Throwable end) {
    try {
      Throwable cause = KafkaErrors.rootCause(end);
      if (logged.add(cause.getClass().getName())) {
        LOG.warn("{} failed with {} and restarts", name, cause.getClass().getName());
      }
    } catch (Throwable unlogged) {
      // It restarts nevertheless.
    }
  }
}
