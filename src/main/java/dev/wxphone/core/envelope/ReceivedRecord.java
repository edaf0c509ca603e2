package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was received, and where from.
 *
 * @param key the bytes received, not yet known to be an openid
 * @param headers all that were received, reserved ones too
 */
public record ReceivedRecord(
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    RecordCoordinates source,
    Provenance origin) {

  /** The key of a record that was admitted, so is an openid. */
  public String openid() {
    return new String(Objects.requireNonNull(key), UTF_8);
  }

  /** Bytes of the names and values of all headers that pass on; ours take no room from theirs. */
  public long headerBytes() {
    return RecordSizes.ofHeaders(OutgoingHeaders.passing(headers).headers());
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "Received[" + source + "]";
  }
}
