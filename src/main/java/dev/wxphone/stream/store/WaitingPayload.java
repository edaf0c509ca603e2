package dev.wxphone.stream.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A payload that waits for its session key, and its stored form: a format version (1 byte), then
 * what the fields are, each text and byte array behind its length (4 bytes, -1 for null).
 *
 * @param deadline when its waiting ends, in milliseconds since 1970
 */
public record WaitingPayload(long deadline, ReceivedRecord received) {
  private static final byte VERSION = 1;
  private static final int NULL = -1;

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      to.writeByte(VERSION);
      to.writeLong(deadline);
      RecordCoordinates source = received.source();
      writeText(to, source.topic());
      to.writeInt(source.partition());
      to.writeLong(source.offset());
      Provenance origin = received.origin();
      to.writeLong(origin.timestamp());
      to.writeInt(origin.attempt());
      writeText(to, origin.replayedFrom());
      writeText(to, origin.reroutedFrom());
      write(to, received.key());
      write(to, received.value());
      // Reserved ones are read already, and never sent on.
      List<Header> headers = new ArrayList<>();
      for (Header header : received.headers()) {
        if (!HeaderNames.isReserved(header.key())) {
          headers.add(header);
        }
      }
      to.writeInt(headers.size());
      for (Header header : headers) {
        writeText(to, header.key());
        write(to, header.value());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * The payload of the bytes.
   *
   * @throws UnknownFormatException where another version wrote them
   */
  static WaitingPayload fromBytes(byte[] bytes) {
    try (DataInputStream from = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = from.read();
      if (version != VERSION) {
        throw new UnknownFormatException(version);
      }
      long deadline = from.readLong();
      RecordCoordinates source =
          new RecordCoordinates(present(readText(from)), from.readInt(), from.readLong());
      Provenance origin =
          new Provenance(from.readLong(), from.readInt(), readText(from), readText(from));
      byte[] key = read(from);
      byte[] value = read(from);
      Headers headers = new RecordHeaders();
      int count = from.readInt();
      for (int i = 0; i < count; i++) {
        headers.add(present(readText(from)), read(from));
      }
      return new WaitingPayload(deadline, new ReceivedRecord(key, value, headers, source, origin));
    } catch (IOException cut) {
      throw new IllegalStateException("a stored payload is cut short", cut);
    }
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a stored payload lacks a field");
    }
    return value;
  }

  private static void writeText(DataOutputStream to, @Nullable String text) throws IOException {
    write(to, text == null ? null : text.getBytes(UTF_8));
  }

  private static @Nullable String readText(DataInputStream from) throws IOException {
    byte[] text = read(from);
    return text == null ? null : new String(text, UTF_8);
  }

  private static void write(DataOutputStream to, byte @Nullable [] bytes) throws IOException {
    to.writeInt(bytes == null ? NULL : bytes.length);
    if (bytes != null) {
      to.write(bytes);
    }
  }

  private static byte @Nullable [] read(DataInputStream from) throws IOException {
    int length = from.readInt();
    if (length == NULL) {
      return null;
    }
    byte[] bytes = from.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("cut short");
    }
    return bytes;
  }
}
