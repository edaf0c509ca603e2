package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.InputLimits;
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

  /**
   * What a rerouted copy of a replayed payload has of ours: four headers, coordinates the longest.
   */
  private static final int OUR_HEADERS = 4;

  private static final int OUR_HEADER_BYTES = 1024;

  /** Returns the openid of a record that was admitted. */
  public String openid() {
    return new String(Objects.requireNonNull(key), UTF_8);
  }

  /**
   * Returns whether there are too many headers, or too large ones, for the record to be joined.
   * What wxphone itself puts on a rerouted copy or a replayed payload takes no room from the
   * backend's.
   */
  public boolean hasTooLargeHeaders() {
    boolean ours = origin.reroutedFrom() != null || origin.replayedFrom() != null;
    return RecordSizes.headersExceed(
        headers,
        InputLimits.HEADERS + (ours ? OUR_HEADERS : 0),
        InputLimits.HEADER_BYTES + (ours ? OUR_HEADER_BYTES : 0));
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "ReceivedRecord[" + source + "]";
  }
}
