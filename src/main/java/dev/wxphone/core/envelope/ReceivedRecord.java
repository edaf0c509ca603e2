package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as received, with its coordinates and origin.
 *
 * @param key the bytes received; an openid only if the record was admitted
 * @param headers all headers received, the reserved ones included
 */
public record ReceivedRecord(
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    RecordCoordinates source,
    Provenance origin) {

  /** Returns the openid of a record that was admitted. */
  public String openid() {
    return new String(Objects.requireNonNull(key), UTF_8);
  }

  /** Returns the size of the names and values of all headers but the reserved ones, in bytes. */
  public long headerBytes() {
    return RecordSizes.ofHeaders(OutgoingHeaders.passing(headers).headers());
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "ReceivedRecord[" + source + "]";
  }
}
