package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The sizes of a record's parts, in bytes. */
final class RecordSizes {
  private RecordSizes() {}

  /** Returns the length; 0 for null. */
  static int of(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Returns the size of names and values; an empty header counts as 1, to bound their number. */
  static long ofHeaders(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += Math.max(1, header.key().getBytes(UTF_8).length + (long) of(header.value()));
    }
    return bytes;
  }

  /** Returns whether headers are more than a number, or larger together than a number of bytes. */
  static boolean headersExceed(Headers headers, int maxCount, int maxBytes) {
    int count = 0;
    long bytes = 0;
    for (Header header : headers) {
      count++;
      bytes += Utils.utf8Length(header.key()) + (long) of(header.value());
      // A sender may put any number of them on a record, so the rest is not looked at.
      if (count > maxCount || bytes > maxBytes) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the maximum size in a record batch, where each header has two varints of 1 to 5 bytes.
   */
  static long ofHeadersInBatch(Headers headers) {
    return ofHeaders(headers) + 10L * headers.toArray().length;
  }
}
