package dev.wxphone.demo;

import dev.wxphone.books.BooksReport;
import dev.wxphone.stream.metrics.AnswerCounts.Recovered;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Shows the progress of a demo and how it ends. */
sealed interface DemoDisplay {
  /** Returns the time between two snapshots. */
  Duration interval();

  void showProgress(DemoSnapshot snapshot);

  /** Shows the last snapshot of a demo that is stopped before every payload is answered. */
  void showStopped(DemoSnapshot snapshot);

  /** Shows the last snapshot of a demo that was played to its end. */
  void showBooks(DemoSnapshot snapshot);

  /** Prints one line per second. */
  record Lines(PrintWriter out) implements DemoDisplay {
    @Override
    public Duration interval() {
      return Duration.ofSeconds(1);
    }

    @Override
    public void showProgress(DemoSnapshot snapshot) {
      out.printf(
          Locale.ROOT,
          "%3d s   published %,6d   profiles %,6d   dead letters %,5d   waiting %,5d%n",
          snapshot.seconds(),
          snapshot.published(),
          snapshot.books().profiles(),
          snapshot.books().allDeadLetters(),
          snapshot.counts().waitingPayloads());
      out.flush();
    }

    @Override
    public void showStopped(DemoSnapshot snapshot) {
      // The terminal shows ^C where the next line would begin.
      out.println();
      showProgress(snapshot);
    }

    @Override
    public void showBooks(DemoSnapshot snapshot) {
      out.printf(Locale.ROOT, "%nThe books, read back from the topics%n%n");
      BooksReport.text(snapshot.books()).forEach(out::println);
      out.printf(
          Locale.ROOT, "%nProfiles that a plain join with the newest key would have missed%n%n");
      for (Recovered recovered : Recovered.values()) {
        out.println(
            BooksReport.row(LiveView.label(recovered), snapshot.counts().recovered(recovered)));
      }
    }
  }

  /** Repaints the terminal four times a second. */
  record Screen(PrintWriter out, LiveView view) implements DemoDisplay {
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_REST_OF_LINE = "\u001b[K";
    private static final String CLEAR_REST_OF_SCREEN = "\u001b[J";

    @Override
    public Duration interval() {
      return Duration.ofMillis(250);
    }

    @Override
    public void showProgress(DemoSnapshot snapshot) {
      paint(snapshot.seconds() == 0 ? HOME + CLEAR_REST_OF_SCREEN : HOME, view.progress(snapshot));
    }

    @Override
    public void showStopped(DemoSnapshot snapshot) {
      paint(HOME, view.stopped(snapshot));
    }

    @Override
    public void showBooks(DemoSnapshot snapshot) {
      paint(HOME, view.books(snapshot));
    }

    private void paint(String prefix, List<String> lines) {
      StringBuilder frame = new StringBuilder(prefix);
      for (String line : lines) {
        frame.append(line).append(CLEAR_REST_OF_LINE).append('\n');
      }
      out.print(frame.append(CLEAR_REST_OF_SCREEN));
      out.flush();
    }
  }
}
