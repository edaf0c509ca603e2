package dev.wxphone.tools.publish;

import dev.wxphone.tools.publish.Line.Publishable;
import dev.wxphone.tools.publish.Line.Refused;
import java.io.IOException;
import java.io.InputStream;

/** Publishes all lines of an input that are right, and tells which are not. */
public final class LinePublisher {
  private final LineFormat content;
  private final RecordPublisher publisher;
  private final Listener listener;
  private long refused;

  /** Hears of each line. */
  public interface Listener {
    /** A line is refused; the others are published all the same. */
    void refused(long line, String why);

    /** So many records have been published by now. */
    void published(long records);
  }

  /** Publishing that has not begun. */
  public LinePublisher(LineFormat content, RecordPublisher publisher, Listener listener) {
    this.content = content;
    this.publisher = publisher;
    this.listener = listener;
  }

  /** Returns when all records are published; reads and sends one line at a time. */
  public void all(InputStream input) throws IOException {
    LineReader lines = new LineReader(input);
    try {
      for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
        take(lines.number(), Line.read(bytes, content));
        listener.published(publisher.published());
      }
    } finally {
      // Of an input that breaks off, what was read before is published too.
      publisher.finish();
    }
  }

  private void take(long number, Line line) {
    if (line instanceof Publishable record) {
      publisher.publish(number, record);
    } else if (line instanceof Refused mistake) {
      refused++;
      listener.refused(number, mistake.why());
    }
  }

  /** How many lines were refused. */
  public long refused() {
    return refused;
  }
}
