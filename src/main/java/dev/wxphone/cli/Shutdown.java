package dev.wxphone.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The end of a command by SIGTERM or Ctrl-C. For a command that runs until then it is the normal
 * end, with exit code 0 and not the JVM's 143 or 130.
 */
public final class Shutdown {
  private final AtomicBoolean started = new AtomicBoolean();

  private Shutdown() {}

  /** Registers work to be done when a signal ends the process; the exit code is 0. */
  public static Shutdown hook(Runnable work) {
    return hook(work, () -> 0);
  }

  /**
   * Registers work to be done when a signal ends the process.
   *
   * @param exitCode called before the work
   */
  public static Shutdown hook(Runnable work, IntSupplier exitCode) {
    Shutdown shutdown = new Shutdown();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (shutdown.started.compareAndSet(false, true)) {
                    work.run();
                  }
                },
                "shutdown"));
    onSignal(() -> System.exit(exitCode.getAsInt()));
    return shutdown;
  }

  /** Lets a signal end the process at once, with exit code 1. */
  public static void exitOnSignal() {
    onSignal(() -> System.exit(1));
  }

  /**
   * Returns whether a signal has asked the command to end, for work that checks this from time to
   * time; a second signal ends the process at once, with exit code 1.
   */
  public static BooleanSupplier requests() {
    AtomicBoolean requested = new AtomicBoolean();
    onSignal(
        () -> {
          if (!requested.compareAndSet(false, true)) {
            System.exit(1);
          }
        });
    return requested::get;
  }

  /**
   * Blocks for ever if the JVM is shutting down, when a failure (of a broker that was starting, for
   * example) means nothing; else returns at once.
   */
  public static void waitIfInProgress() {
    try {
      Thread nothing = new Thread(() -> {});
      Runtime.getRuntime().addShutdownHook(nothing);
      Runtime.getRuntime().removeShutdownHook(nothing);
    } catch (IllegalStateException inProgress) {
      while (true) {
        LockSupport.park();
      }
    }
  }

  /** Marks the command as ended by itself; returns false if a signal came before. */
  public boolean complete() {
    return started.compareAndSet(false, true);
  }

  /**
   * Handles SIGTERM and Ctrl-C. Handlers that end the process call exit: a halt at the end of a
   * shutdown hook would set the exit code too, but leave temporary files (RocksDB's library, 15
   * MB). By reflection, as in Kafka's {@code LoggingSignalHandler}, since a JVM need not have these
   * classes.
   */
  private static void onSignal(Runnable work) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler handling =
          (proxy, method, arguments) -> {
            work.run();
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handling);
      for (String name : List.of("TERM", "INT")) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException e) {
      // The JVM's own handling remains, which runs the hooks as well.
    }
  }
}
