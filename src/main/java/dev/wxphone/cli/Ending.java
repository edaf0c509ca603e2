package dev.wxphone.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command that works until it is told to end: SIGTERM and Ctrl-C are how it is done with, so the
 * exit code is 0 then and not the JVM's 143 or 130.
 */
final class Ending {
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Thread hook;

  private Ending(Runnable work) {
    hook =
        new Thread(
            () -> {
              if (begun.compareAndSet(false, true)) {
                work.run();
                // The other hooks have nothing left to do, and exit() would never return here.
                Runtime.getRuntime().halt(0);
              }
            },
            "ending");
  }

  /** Does the work when the process is told to end. */
  static Ending doing(Runnable work) {
    Ending ending = new Ending(work);
    Runtime.getRuntime().addShutdownHook(ending.hook);
    return ending;
  }

  /** The command ends by itself; false where a signal came before. */
  boolean byItself() {
    return begun.compareAndSet(false, true);
  }
}
