package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** How many bytes the parts of a record take. */
final class RecordSizes {
  private RecordSizes() {}

  static int of(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Names and values; an empty header counts for one byte, since a crowd of them is no nothing. */
  static long ofHeaders(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += Math.max(1, header.key().getBytes(UTF_8).length + (long) of(header.value()));
    }
    return bytes;
  }

  /** What the headers take in a record batch at the most: each has two lengths of up to 5 bytes. */
  static long ofHeadersInBatch(Headers headers) {
    return ofHeaders(headers) + 10L * headers.toArray().length;
  }
}
