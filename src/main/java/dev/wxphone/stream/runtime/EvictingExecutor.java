package dev.wxphone.stream.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs each request of an HTTP server at once, on one of a limited number of threads. If all are
 * taken, the longest-running request is interrupted, which closes its connection: the JDK's server
 * reads a request on the thread that answers it, so that a slow client holds a thread. An honest
 * request takes milliseconds and is not the oldest.
 */
final class EvictingExecutor implements Executor, AutoCloseable {
  private final int limit;
  private final ThreadPoolExecutor threads;

  /** Requests that run, the oldest first. */
  private final Deque<Request> running = new ArrayDeque<>();

  /**
   * Creates an executor without threads.
   *
   * @param limit how many requests run at a time; those that are being interrupted don't count
   */
  EvictingExecutor(String name, int limit) {
    this.limit = limit;
    threads =
        new ThreadPoolExecutor(
            0,
            2 * limit,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(null, task, name, 256 * 1024);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs a request.
   *
   * @throws RejectedExecutionException if too many are being interrupted, or after {@link #close}
   */
  @Override
  public void execute(Runnable work) {
    Request request = new Request(work);
    synchronized (running) {
      while (running.size() >= limit) {
        running.removeFirst().interrupt();
      }
      running.addLast(request);
    }
    try {
      threads.execute(request);
    } catch (RejectedExecutionException e) {
      remove(request);
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void remove(Request request) {
    synchronized (running) {
      running.remove(request);
    }
  }

  private final class Request implements Runnable {
    private final Runnable work;
    private @Nullable Thread thread;
    private boolean interrupted;

    Request(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      synchronized (this) {
        thread = Thread.currentThread();
        if (interrupted) {
          thread.interrupt();
        }
      }
      try {
        work.run();
      } finally {
        remove(this);
        synchronized (this) {
          thread = null;
          // The next request on this thread is another client's.
          Thread.interrupted();
        }
      }
    }

    synchronized void interrupt() {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
