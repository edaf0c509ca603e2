package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The headers of an output: those received, in order, then the reserved ones of this output. */
public final class OutgoingHeaders {
  private final RecordHeaders headers = new RecordHeaders();

  private OutgoingHeaders() {}

  /** Returns no headers. */
  static OutgoingHeaders none() {
    return new OutgoingHeaders();
  }

  /** Returns the received headers without the reserved ones. */
  static OutgoingHeaders passing(Headers received) {
    OutgoingHeaders outgoing = new OutgoingHeaders();
    for (Header header : received) {
      if (!HeaderNames.isReserved(header.key())) {
        outgoing.headers.add(header);
      }
    }
    return outgoing;
  }

  /** Returns the headers of a profile, or of the null that removes one. */
  public static Headers ofProfile(ReceivedRecord received) {
    return passing(received.headers())
        .with(HeaderNames.SOURCE, received.source().toString())
        .withProvenance(received.origin())
        .headers;
  }

  /** Returns the headers of a rerouted copy. The copy of a replayed payload is one too. */
  public static Headers ofReroutedCopy(ReceivedRecord received) {
    Provenance origin = received.origin();
    OutgoingHeaders copy =
        passing(received.headers())
            .with(HeaderNames.REROUTED_FROM, received.source().toString())
            .with(HeaderNames.TIMESTAMP, Long.toString(origin.timestamp()))
            .withPresent(HeaderNames.REPLAYED_FROM, origin.replayedFrom());
    if (origin.attempt() > 1) {
      copy.with(HeaderNames.ATTEMPT, Integer.toString(origin.attempt()));
    }
    return copy.headers;
  }

  /** Returns the headers of a payload that is replayed. */
  static Headers ofReplayed(DeadLetter letter) {
    return passing(letter.headers())
        .with(HeaderNames.TIMESTAMP, Long.toString(letter.timestamp()))
        .with(HeaderNames.ATTEMPT, Integer.toString(letter.nextAttempt()))
        .with(HeaderNames.REPLAYED_FROM, letter.id().toString())
        .headers;
  }

  /** Returns the headers of a session key's rerouted copy. That of a forgetting is one too. */
  public static Headers ofReroutedSessionKey(ReceivedRecord received) {
    Headers copy = ofReroutedCopy(received);
    Header forget = received.headers().lastHeader(HeaderNames.FORGET);
    return received.value() == null && forget != null ? copy.add(forget) : copy;
  }

  /**
   * Returns the headers of a placeholder on {@code session-key}.
   *
   * @param partition where the session key went; its own partition on the record of a fence
   */
  public static Headers ofPlaceholder(String topic, int partition) {
    return none().with(HeaderNames.REROUTED_TO, topic + "-" + partition).headers;
  }

  OutgoingHeaders with(String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
    return this;
  }

  OutgoingHeaders withPresent(String name, @Nullable String value) {
    return value == null ? this : with(name, value);
  }

  OutgoingHeaders withProvenance(Provenance origin) {
    return withPresent(HeaderNames.REROUTED_FROM, origin.reroutedFrom())
        .withPresent(HeaderNames.REPLAYED_FROM, origin.replayedFrom());
  }

  Headers headers() {
    return headers;
  }
}
