package dev.wxphone.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * A command that works until it is told to end: SIGTERM and Ctrl-C are how it is done with, so the
 * exit code is 0 then and not the JVM's 143 or 130.
 */
public final class Shutdown {
  private final AtomicBoolean begun = new AtomicBoolean();

  private Shutdown() {}

  /** Does the work when the process is told to end. */
  public static Shutdown doing(Runnable work) {
    return doing(work, () -> 0);
  }

  /**
   * The same, of a command that may be told to end before it is done.
   *
   * @param exitCode asked for before the work
   */
  public static Shutdown doing(Runnable work, IntSupplier exitCode) {
    Shutdown ending = new Shutdown();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (ending.begun.compareAndSet(false, true)) {
                    work.run();
                  }
                },
                "ending"));
    onSignal(() -> System.exit(exitCode.getAsInt()));
    return ending;
  }

  /** Work that may end anywhere, and is not done then: exit code 1. */
  public static void anywhere() {
    onSignal(() -> System.exit(1));
  }

  /**
   * Work that looks now and then whether it is to end, and tells by itself how it went: the first
   * signal asks it to, the second ends the program.
   */
  public static BooleanSupplier asked() {
    AtomicBoolean asked = new AtomicBoolean();
    onSignal(
        () -> {
          if (!asked.compareAndSet(false, true)) {
            System.exit(1);
          }
        });
    return asked::get;
  }

  /**
   * Never returns where the process is being ended, in which much fails that is fine otherwise, as
   * a broker that is about to start.
   */
  public static void waitWhereUnderWay() {
    try {
      Thread nothing = new Thread(() -> {});
      Runtime.getRuntime().addShutdownHook(nothing);
      Runtime.getRuntime().removeShutdownHook(nothing);
    } catch (IllegalStateException underWay) {
      while (true) {
        LockSupport.park();
      }
    }
  }

  /** The command ends by itself; false where a signal came before. */
  public boolean byItself() {
    return begun.compareAndSet(false, true);
  }

  /**
   * What SIGTERM and Ctrl-C do. An exit and all that belongs to one, where that is what they do: a
   * halt at the end of a hook would have its code too, but leave temporary files (RocksDB's
   * library, 15 MB) behind. By reflection, as Kafka's own {@code LoggingSignalHandler} does it,
   * since a JVM need not have these classes.
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
      // The JVM's own handling then, which does the work of a hook as well.
    }
  }
}
