package dev.wxphone.core.envelope;

import dev.wxphone.core.domain.ClickTime;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a received record, from its reserved headers; malformed ones count as absent.
 * Senders may forge them, so none has more effect than a forged record timestamp.
 *
 * @param timestamp the timestamp of the original record, as it states it: {@link ClickTime}
 * @param attempt how often the payload is tried with this record; 1 if it was not replayed
 * @param replayedFrom the id of the dead letter that was replayed; null if none was
 * @param reroutedFrom the coordinates of the record in the wrong partition; null if not rerouted
 */
public record Provenance(
    long timestamp, int attempt, @Nullable String replayedFrom, @Nullable String reroutedFrom) {

  /**
   * How much older than its record a payload can be, by the retention of {@code dead-letter} and
   * {@code phone-payload} in our topic files.
   */
  public static final Duration OLDEST = Duration.ofDays(30 + 7);

  private static final Duration ANY_AGE = Duration.ofMillis(Long.MAX_VALUE);

  private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern ATTEMPT = Pattern.compile("[2-9]|[1-9][0-9]{1,2}|1000");

  /** Returns the origin of the record at these coordinates, however old a header states it is. */
  public static Provenance of(Headers headers, RecordCoordinates at, long recordTimestamp) {
    return of(headers, at, recordTimestamp, ANY_AGE);
  }

  /**
   * Returns the origin of the record at these coordinates.
   *
   * @param oldest how much older than the record a stated timestamp may be
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

  /** Returns this without a replay, whatever the headers state: session keys are not replayed. */
  public Provenance neverReplayed() {
    return new Provenance(timestamp, 1, null, reroutedFrom);
  }

  private static long timestamp(@Nullable String stated, long recordTimestamp, long oldest) {
    String milliseconds = matching(MILLISECONDS, stated);
    if (milliseconds == null) {
      return recordTimestamp;
    }
    long timestamp = Long.parseLong(milliseconds);
    long received = ClickTime.millisOf(recordTimestamp);
    long earlier = received - ClickTime.of(timestamp, received).millis();
    return earlier < 0 || earlier > oldest ? recordTimestamp : timestamp;
  }

  private static int attempt(@Nullable String stated) {
    String attempt = matching(ATTEMPT, stated);
    return attempt == null ? 1 : Integer.parseInt(attempt);
  }

  private static @Nullable String letterId(@Nullable String stated) {
    return DeadLetterId.parse(stated) == null ? null : stated;
  }

  /** A record is rerouted within its topic, to another partition; anything else is forged. */
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
