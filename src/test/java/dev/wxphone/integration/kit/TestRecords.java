package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Reads and names records. */
public final class TestRecords {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TestRecords() {}

  /** Returns the text of the last header of this name; null if there is none. */
  public static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  public static Header textHeader(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /** Returns the coordinates of a record as {@code wxphone.source} names them. */
  public static String source(RecordMetadata record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  /** Returns the id of a dead letter. */
  public static String id(ConsumerRecord<byte[], byte[]> deadLetter) {
    return deadLetter.partition() + "@" + deadLetter.offset();
  }

  /** Returns the id of a dead letter. */
  public static String id(RecordMetadata deadLetter) {
    return deadLetter.partition() + "@" + deadLetter.offset();
  }

  public static JsonNode json(String text) {
    return json(text.getBytes(UTF_8));
  }

  public static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
