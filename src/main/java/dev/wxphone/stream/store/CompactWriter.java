package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the numbers and texts of {@link UserStateFormat}. */
final class CompactWriter {
  private byte[] bytes;
  private int length;

  /**
   * Creates a writer.
   *
   * @param capacity how many bytes are expected
   */
  CompactWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** Returns all that was written. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  void writeByte(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void writeBytes(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  void writeNumber(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    writeByte((int) rest);
  }

  void writeText(@Nullable String text) {
    if (text == null) {
      writeNumber(CompactReader.NULL);
    } else if (PackedAppid.fits(text)) {
      writeNumber(CompactReader.APPID);
      writeBytes(PackedAppid.pack(text));
    } else {
      byte[] utf8 = text.getBytes(UTF_8);
      writeNumber(utf8.length + CompactReader.TEXT);
      writeBytes(utf8);
    }
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
