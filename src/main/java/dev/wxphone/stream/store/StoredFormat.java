package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What both stored formats have in common: the format version in the first byte, big-endian
 * numbers, and texts (in UTF-8) and byte arrays after their length (4 bytes, -1 for null).
 */
final class StoredFormat {
  private static final int NULL = -1;

  private StoredFormat() {}

  /**
   * Returns the fields of a stored value, after its version.
   *
   * @throws UnknownFormatException if the value has another version
   */
  static DataInputStream fields(byte[] stored, byte version) {
    requireVersion(stored, version);
    return new DataInputStream(new ByteArrayInputStream(stored, 1, stored.length - 1));
  }

  /**
   * Checks the version of a stored value.
   *
   * @throws UnknownFormatException if the value has another version
   */
  static void requireVersion(byte[] stored, byte version) {
    if (stored.length == 0 || stored[0] != version) {
      throw new UnknownFormatException(stored.length == 0 ? -1 : Byte.toUnsignedInt(stored[0]));
    }
  }

  static void writeText(DataOutputStream to, @Nullable String text) throws IOException {
    writeBytes(to, text == null ? null : text.getBytes(UTF_8));
  }

  static @Nullable String readText(DataInputStream from) throws IOException {
    byte[] text = readBytes(from);
    return text == null ? null : new String(text, UTF_8);
  }

  static void writeBytes(DataOutputStream to, byte @Nullable [] bytes) throws IOException {
    to.writeInt(bytes == null ? NULL : bytes.length);
    if (bytes != null) {
      to.write(bytes);
    }
  }

  static byte @Nullable [] readBytes(DataInputStream from) throws IOException {
    int length = from.readInt();
    if (length == NULL) {
      return null;
    }
    if (length < 0 || length > from.available()) {
      throw new EOFException();
    }
    return from.readNBytes(length);
  }
}
