package dev.wxphone.tools.publish;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads an input line by line, in bounded memory. */
final class LineReader {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream input;
  private long number;

  LineReader(InputStream input) {
    this.input = new BufferedInputStream(input);
  }

  /** Returns the number of the last line that was read, from 1. */
  long number() {
    return number;
  }

  /**
   * Returns the next line without its line break, or null at the end; of a line longer than {@link
   * Line#MAX_BYTES}, that many bytes and one more.
   */
  byte @Nullable [] next() throws IOException {
    int b = input.read();
    if (b < 0) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (; b >= 0 && b != '\n'; b = input.read()) {
      if (bytes.size() <= Line.MAX_BYTES) {
        bytes.write(b);
      }
    }
    number++;
    byte[] line = bytes.toByteArray();
    // Some editors write a byte order mark at the start of a file.
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
