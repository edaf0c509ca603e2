package dev.wxphone.stream.runtime;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread in the background that nothing ends but {@link #close}: whatever its work throws is said
 * once, and the work begins anew after a pause. The stream would go on without it and look well.
 */
final class RestartingThread implements AutoCloseable {
  /** Works until it is interrupted, with clients of its own. */
  @FunctionalInterface
  interface Work {
    /**
     * Works.
     *
     * @param went to be called after each round that went well
     */
    void run(Runnable went) throws Exception;
  }

  private static final Logger LOG = LoggerFactory.getLogger(RestartingThread.class);

  private final String name;
  private final Duration pause;
  private final Work work;
  private final Thread thread;

  /** Of the thread alone: causes that were said since it last went well. */
  private final Set<String> said = new HashSet<>();

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
        work.run(this::went);
      } catch (Throwable end) {
        if (!closed) {
          say(end);
        }
      }
      rest();
    }
  }

  private void rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      // close() says so, and the loop looks.
    }
  }

  private void went() {
    if (!said.isEmpty()) {
      said.clear();
      LOG.info("{} goes on", name);
    }
  }

  /** Even an error in saying so, as when memory is short, must not end the thread. */
  private void say(Throwable end) {
    try {
      Throwable cause =
          end instanceof ExecutionException && end.getCause() != null ? end.getCause() : end;
      if (said.add(cause.getClass().getName())) {
        LOG.warn("{} ended with {} and begins anew", name, cause.getClass().getName());
      }
    } catch (Throwable mute) {
      // It begins anew all the same.
    }
  }
}
