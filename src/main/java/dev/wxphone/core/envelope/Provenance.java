package dev.wxphone.core.envelope;

import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a received record's reserved headers say of its past; malformed ones count as absent. Anyone
 * may forge them, so nothing here gives more than a chosen record timestamp would.
 *
 * @param timestamp of the original record, milliseconds since 1970
 * @param attempt 1 where it was not replayed
 * @param replayedFrom the id of the dead letter that was replayed
 * @param reroutedFrom the coordinates of the record in the wrong partition
 */
public record Provenance(
    long timestamp, int attempt, @Nullable String replayedFrom, @Nullable String reroutedFrom) {

  /** How much older than its record a payload is at the most, with the retentions of our files. */
  public static final Duration OLDEST = Duration.ofDays(30 + 7);

  private static final Duration ANY_AGE = Duration.ofMillis(Long.MAX_VALUE);

  private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern ATTEMPT = Pattern.compile("[2-9]|[1-9][0-9]{1,2}|1000");

  /** The origin of the record that lies at these coordinates, however old it says it is. */
  public static Provenance of(Headers headers, RecordCoordinates at, long recordTimestamp) {
    return of(headers, at, recordTimestamp, ANY_AGE);
  }

  /**
   * The origin of the record that lies at these coordinates.
   *
   * @param oldest how much older than the record a stated time may be
   */
  public static Provenance of(
      Headers headers, RecordCoordinates at, long recordTimestamp, Duration oldest) {
    return new Provenance(
        timestamp(
            HeaderNames.text(headers, HeaderNames.TIMESTAMP), recordTimestamp, oldest.toMillis()),
        attempt(HeaderNames.text(headers, HeaderNames.ATTEMPT)),
        letterId(HeaderNames.text(headers, HeaderNames.REPLAYED_FROM)),
        reroutedFrom(HeaderNames.text(headers, HeaderNames.REROUTED_FROM), at));
  }

  /** The same of a record that is never replayed, whatever its headers say: a session key. */
  public Provenance neverReplayed() {
    return new Provenance(timestamp, 1, null, reroutedFrom);
  }

  private static long timestamp(@Nullable String stated, long recordTimestamp, long oldest) {
    String milliseconds = matching(MILLISECONDS, stated);
    if (milliseconds == null) {
      return recordTimestamp;
    }
    long timestamp = Long.parseLong(milliseconds);
    return timestamp > recordTimestamp || recordTimestamp - timestamp > oldest
        ? recordTimestamp
        : timestamp;
  }

  private static int attempt(@Nullable String stated) {
    String attempt = matching(ATTEMPT, stated);
    return attempt == null ? 1 : Integer.parseInt(attempt);
  }

  private static @Nullable String letterId(@Nullable String stated) {
    return DeadLetterId.parse(stated) == null ? null : stated;
  }

  /** We reroute within a topic and never into the same partition; all else is forged. */
  private static @Nullable String reroutedFrom(@Nullable String stated, RecordCoordinates at) {
    RecordCoordinates from = RecordCoordinates.parse(stated);
    return from != null && from.topic().equals(at.topic()) && from.partition() != at.partition()
        ? from.toString()
        : null;
  }

  private static @Nullable String matching(Pattern pattern, @Nullable String text) {
    return text != null && pattern.matcher(text).matches() ? text : null;
  }
}
