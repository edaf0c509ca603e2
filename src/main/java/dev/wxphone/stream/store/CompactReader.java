package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CompactWriter} wrote.
 *
 * <p>Every method throws {@link IndexOutOfBoundsException} if the bytes are cut short.
 */
final class CompactReader {
  static final int NULL = 0;
  static final int APPID = 1;

  /** What is added to the length of any other text. */
  static final int TEXT = 2;

  private final byte[] bytes;
  private int position;

  /**
   * Creates a reader.
   *
   * @param position where it begins
   */
  CompactReader(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  /** Returns an unsigned byte. */
  int readByte() {
    return Byte.toUnsignedInt(bytes[position++]);
  }

  byte[] readBytes(long length) {
    if (length < 0 || length > bytes.length - position) {
      throw new IndexOutOfBoundsException();
    }
    byte[] read = Arrays.copyOfRange(bytes, position, position + (int) length);
    position += (int) length;
    return read;
  }

  long readNumber() {
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = readByte();
      value |= (long) (next & 0x7F) << shift;
      shift += 7;
    } while ((next & 0x80) != 0);
    return (value >>> 1) ^ -(value & 1);
  }

  @Nullable String readText() {
    long kind = readNumber();
    if (kind == NULL) {
      return null;
    }
    return kind == APPID
        ? PackedAppid.unpack(readBytes(PackedAppid.LENGTH))
        : new String(readBytes(kind - TEXT), UTF_8);
  }
}
