package dev.wxphone.tools.publish;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of an input, one at a time, however long they are. */
final class LineReader {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream input;
  private long number;

  LineReader(InputStream input) {
    this.input = new BufferedInputStream(input);
  }

  /** The number of the last line that was read, from 1. */
  long number() {
    return number;
  }

  /**
   * The next line without its line break, or null at the end; of one that is longer than {@link
   * Line#LONGEST} the first bytes, one more than that.
   */
  byte @Nullable [] next() throws IOException {
    int b = input.read();
    if (b < 0) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (; b >= 0 && b != '\n'; b = input.read()) {
      if (bytes.size() <= Line.LONGEST) {
        bytes.write(b);
      }
    }
    number++;
    byte[] line = bytes.toByteArray();
    // Some editors begin a file with it.
    return number == 1 && startsWithMark(line)
        ? Arrays.copyOfRange(line, BYTE_ORDER_MARK.length, line.length)
        : line;
  }

  private static boolean startsWithMark(byte[] line) {
    return line.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }
}
