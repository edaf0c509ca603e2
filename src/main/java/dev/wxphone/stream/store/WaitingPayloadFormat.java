package dev.wxphone.stream.store;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
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
 * The stored form of a {@link WaitingPayload}, big-endian:
 *
 * <pre>
 * version       1 byte, 1
 * deadline      8 bytes  milliseconds
 * topic         text     of the source
 * partition     4 bytes  of the source
 * offset        8 bytes  of the source
 * timestamp     8 bytes  of the original record, milliseconds
 * attempt       4 bytes
 * replayed-from text
 * rerouted-from text
 * key           bytes
 * value         bytes
 * headers       4 bytes, their number; without the reserved ones, of each:
 *   name        text
 *   value       bytes
 * text, bytes   4 bytes, the length, -1 for null; then the text in UTF-8 or the bytes
 * </pre>
 */
final class WaitingPayloadFormat {
  private static final byte VERSION = 1;

  private WaitingPayloadFormat() {}

  /** Returns the bytes of a payload. */
  static byte[] write(WaitingPayload payload) {
    ReceivedRecord received = payload.received();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      to.writeByte(VERSION);
      to.writeLong(payload.deadline());
      RecordCoordinates source = received.source();
      StoredFormat.writeText(to, source.topic());
      to.writeInt(source.partition());
      to.writeLong(source.offset());
      Provenance origin = received.origin();
      to.writeLong(origin.timestamp());
      to.writeInt(origin.attempt());
      StoredFormat.writeText(to, origin.replayedFrom());
      StoredFormat.writeText(to, origin.reroutedFrom());
      StoredFormat.writeBytes(to, received.key());
      StoredFormat.writeBytes(to, received.value());
      // The reserved ones are in the origin, and never forwarded.
      List<Header> headers = new ArrayList<>();
      for (Header header : received.headers()) {
        if (!HeaderNames.isReserved(header.key())) {
          headers.add(header);
        }
      }
      to.writeInt(headers.size());
      for (Header header : headers) {
        StoredFormat.writeText(to, header.key());
        StoredFormat.writeBytes(to, header.value());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns the payload of stored bytes.
   *
   * @throws UnknownFormatException if another version wrote them
   */
  static WaitingPayload read(byte[] bytes) {
    try (DataInputStream from = StoredFormat.fields(bytes, VERSION)) {
      long deadline = from.readLong();
      RecordCoordinates source =
          new RecordCoordinates(
              present(StoredFormat.readText(from)), from.readInt(), from.readLong());
      Provenance origin =
          new Provenance(
              from.readLong(),
              from.readInt(),
              StoredFormat.readText(from),
              StoredFormat.readText(from));
      byte[] key = StoredFormat.readBytes(from);
      byte[] value = StoredFormat.readBytes(from);
      Headers headers = new RecordHeaders();
      int count = from.readInt();
      for (int i = 0; i < count; i++) {
        headers.add(present(StoredFormat.readText(from)), StoredFormat.readBytes(from));
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
}
