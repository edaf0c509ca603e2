package dev.wxphone.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command that works until it is told to end: SIGTERM and Ctrl-C are how it is done with, so the
 * exit code is 0 then and not the JVM's 143 or 130.
 */
final class Ending {
  private final AtomicBoolean begun = new AtomicBoolean();

  private Ending() {}

  /** Does the work when the process is told to end. */
  static Ending doing(Runnable work) {
    Ending ending = new Ending();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (ending.begun.compareAndSet(false, true)) {
                    work.run();
                  }
                },
                "ending"));
    List.of("TERM", "INT").forEach(Ending::exitOn);
    return ending;
  }

  /** The command ends by itself; false where a signal came before. */
  boolean byItself() {
    return begun.compareAndSet(false, true);
  }

  /**
   * An exit with 0 and all that belongs to one: a halt at the end of a hook would have that code
   * too, but leave temporary files (RocksDB's library, 15 MB) behind. By reflection, as Kafka's own
   * {@code LoggingSignalHandler} does it, since a JVM need not have these classes.
   */
  private static void exitOn(String signalName) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler exit =
          (proxy, method, arguments) -> {
            System.exit(0);
            return null;
          };
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance(signalName),
              Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, exit));
    } catch (ReflectiveOperationException e) {
      // The JVM's own handling then, which does the work as well.
    }
  }
}
