package dev.wxphone.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** How far long work is, on one line of a terminal that is drawn anew and leaves nothing behind. */
public final class ProgressLine implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final String CLEAR_LINE = "\r\u001B[K";
  private static final int BAR = 40;

  private final PrintWriter err;
  private final boolean draws;
  private boolean drawn;
  private long drawAgainAt = System.nanoTime() + REDRAW_NANOS;

  /** One on the terminal, if there is one. */
  public ProgressLine(CommandSpec spec) {
    this(spec, Terminal.isThere());
  }

  public ProgressLine(CommandSpec spec, boolean draws) {
    this.err = spec.commandLine().getErr();
    this.draws = draws;
  }

  /** So many of something, nobody knows of how many. */
  public void count(String what, long count) {
    if (isDue()) {
      draw(String.format(Locale.ROOT, "%s %,d", what, count));
    }
  }

  /** So many of so many. */
  public void bar(String what, long count, long of) {
    if (isDue()) {
      int full = of == 0 ? BAR : (int) (count * BAR / of);
      draw(
          String.format(
              Locale.ROOT,
              "%s %s%s %,d of %,d",
              what,
              "█".repeat(full),
              "░".repeat(BAR - full),
              count,
              of));
    }
  }

  private boolean isDue() {
    return draws && System.nanoTime() - drawAgainAt >= 0;
  }

  private void draw(String text) {
    drawAgainAt = System.nanoTime() + REDRAW_NANOS;
    drawn = true;
    err.print(CLEAR_LINE + Terminal.paint().characters(text));
    err.flush();
  }

  @Override
  public void close() {
    clear();
  }

  /** Takes the line away, before something else is printed. */
  public void clear() {
    if (drawn) {
      drawn = false;
      err.print(CLEAR_LINE);
      err.flush();
    }
  }
}
