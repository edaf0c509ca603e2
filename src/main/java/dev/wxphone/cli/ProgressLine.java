package dev.wxphone.cli;

import dev.wxphone.operator.Units;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The progress of long work, on one line of a terminal that is redrawn and finally cleared. */
public final class ProgressLine implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final String CLEAR_LINE = "\r\u001B[K";
  private static final int BAR = 40;

  private final PrintWriter err;
  private final boolean draws;
  private boolean drawn;
  private long drawAgainAt = System.nanoTime() + REDRAW_NANOS;

  /** Creates a line on standard error that is drawn only if a terminal is attached. */
  public ProgressLine(CommandLine command) {
    this(command, Terminal.isInteractive());
  }

  /** Creates a line on standard error, which may never be drawn. */
  public ProgressLine(CommandLine command, boolean draws) {
    this.err = command.getErr();
    this.draws = draws;
  }

  /** Shows a count whose total is unknown. */
  public void count(String what, long count) {
    if (isDue()) {
      draw(what + " " + Units.number(count));
    }
  }

  /** Shows a count and its total as a bar. */
  public void bar(String what, long count, long total) {
    if (isDue()) {
      int full = total == 0 ? BAR : (int) (count * BAR / total);
      draw(
          "%s %s%s %s of %s"
              .formatted(
                  what,
                  "█".repeat(full),
                  "░".repeat(BAR - full),
                  Units.number(count),
                  Units.number(total)));
    }
  }

  private boolean isDue() {
    return draws && System.nanoTime() - drawAgainAt >= 0;
  }

  private void draw(String text) {
    drawAgainAt = System.nanoTime() + REDRAW_NANOS;
    drawn = true;
    err.print(CLEAR_LINE + Terminal.style().printable(text));
    err.flush();
  }

  @Override
  public void close() {
    clear();
  }

  /** Clears the line, before something else is printed. */
  public void clear() {
    if (drawn) {
      drawn = false;
      err.print(CLEAR_LINE);
      err.flush();
    }
  }
}
