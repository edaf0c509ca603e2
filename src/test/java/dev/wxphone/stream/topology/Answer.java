package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record that the stream has put out. */
public record Answer(ProducerRecord<byte[], byte[]> record) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public byte @Nullable [] key() {
    return record.key();
  }

  public byte @Nullable [] value() {
    return record.value();
  }

  String openid() {
    return new String(Objects.requireNonNull(key()), UTF_8);
  }

  public long timestamp() {
    return record.timestamp();
  }

  /** Where the sink's partitioner puts it; 0 on the topics of the answers, of which one is told. */
  int partition() {
    return record.partition();
  }

  /** The one header of a name; null where there is none. */
  @Nullable String header(String name) {
    List<String> values = new ArrayList<>();
    for (Header header : record.headers().headers(name)) {
      values.add(new String(header.value(), UTF_8));
    }
    if (values.size() > 1) {
      throw new AssertionError(name + " is there " + values.size() + " times");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** All headers in order, as {@code name=value}. */
  List<String> headers() {
    List<String> all = new ArrayList<>();
    for (Header header : record.headers()) {
      all.add(
          header.value() == null
              ? header.key()
              : header.key() + "=" + new String(header.value(), UTF_8));
    }
    return all;
  }

  Reason reason() {
    return Reason.valueOf(Objects.requireNonNull(header(HeaderNames.REASON)));
  }

  String source() {
    return Objects.requireNonNull(header(HeaderNames.SOURCE));
  }

  String detail() {
    return Objects.requireNonNull(header(HeaderNames.DETAIL));
  }

  /** The value of a profile. */
  JsonNode json() {
    try {
      return JSON.readTree(Objects.requireNonNull(value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String phoneNumber() {
    return json().path("phoneNumber").asText();
  }

  int sessionKeyAge() {
    return json().path("sessionKeyAge").intValue();
  }

  @Override
  public String toString() {
    return record.topic() + headers();
  }
}
