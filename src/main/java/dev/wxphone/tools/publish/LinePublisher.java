package dev.wxphone.tools.publish;

import dev.wxphone.tools.publish.Line.Publishable;
import dev.wxphone.tools.publish.Line.Refused;
import java.io.IOException;
import java.io.InputStream;

/** Publishes the records of an input and reports the lines that hold none. */
public final class LinePublisher {
  private final LineFormat format;
  private final RecordPublisher publisher;
  private final Listener listener;
  private long refused;

  /** Called for each line. */
  public interface Listener {
    /** Takes a line that was refused; the others are published all the same. */
    void onRefused(long line, String why);

    /** Takes the number of records published so far. */
    void onPublished(long records);
  }

  public LinePublisher(LineFormat format, RecordPublisher publisher, Listener listener) {
    this.format = format;
    this.publisher = publisher;
    this.listener = listener;
  }

  /**
   * Reads and publishes one line at a time, and returns once all records are published.
   *
   * @throws dev.wxphone.operator.OperatorException if the broker rejects a record
   */
  public void publish(InputStream input) throws IOException {
    LineReader lines = new LineReader(input);
    try {
      for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
        take(lines.number(), Line.read(bytes, format));
        listener.onPublished(publisher.published());
      }
    } finally {
      // Also if reading fails: what was read before is published.
      publisher.finish();
    }
  }

  private void take(long number, Line line) {
    if (line instanceof Publishable record) {
      publisher.publish(number, record);
    } else if (line instanceof Refused mistake) {
      refused++;
      listener.onRefused(number, mistake.why());
    }
  }

  /** Returns the number of refused lines. */
  public long refused() {
    return refused;
  }
}
