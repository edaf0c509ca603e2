package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The names of our headers and of Kafka Streams' (KIP-1034). Values are UTF-8 text. */
public final class HeaderNames {
  /** {@code topic-partition@offset} of the record that an output answers. */
  public static final String SOURCE = "wxphone.source";

  /** {@code topic-partition@offset} of the record in the wrong partition, on its copy. */
  public static final String REROUTED_FROM = "wxphone.rerouted-from";

  /**
   * Marks a null on {@code session-key} as a placeholder, which readers ignore. It is {@code
   * topic-partition}: where the session key went that lay there, or the record's own partition on
   * the record by which the processor fences itself.
   */
  public static final String REROUTED_TO = "wxphone.rerouted-to";

  /** Marks a null on {@code session-key} as a request to forget the person. */
  public static final String FORGET = "wxphone.forget";

  /** The id of the dead letter that was replayed. */
  public static final String REPLAYED_FROM = "wxphone.replayed-from";

  /** The timestamp of the original record, in milliseconds since 1970. */
  public static final String TIMESTAMP = "wxphone.timestamp";

  /** How often the payload was tried: 1 for the first failure, one more for each replay. */
  public static final String ATTEMPT = "wxphone.attempt";

  /** A {@link dev.wxphone.core.domain.Reason}. */
  public static final String REASON = "wxphone.reason";

  /** One sentence in English for an operator. */
  public static final String DETAIL = "wxphone.detail";

  /** A {@link dev.wxphone.core.domain.Recovery}. */
  public static final String RECOVERY = "wxphone.recovery";

  /** When it failed, an ISO-8601 instant. */
  public static final String FAILED_AT = "wxphone.failed-at";

  /** How many session keys were tried. */
  public static final String KEYS_TRIED = "wxphone.keys-tried";

  /** The size of a value that was not copied, in bytes. */
  public static final String WITHHELD = "wxphone.withheld";

  /** WeChat's {@code errno}, on the letter of a refusal. */
  public static final String ERRNO = "wxphone.errno";

  /** Until when the payload's {@code code} can be exchanged, an ISO-8601 instant. */
  public static final String CODE_UNTIL = "wxphone.code-until";

  static final String STREAMS_TOPIC = "__streams.errors.topic";
  static final String STREAMS_PARTITION = "__streams.errors.partition";
  static final String STREAMS_OFFSET = "__streams.errors.offset";
  static final String STREAMS_MESSAGE = "__streams.errors.message";

  /** More than any value that wxphone writes, in bytes. */
  private static final int MAX_BYTES = 4 * 1024;

  private HeaderNames() {}

  /**
   * Returns the text of the last header of a name, or null if there is none, or one larger than any
   * that wxphone writes.
   */
  public static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null || header.value().length > MAX_BYTES
        ? null
        : new String(header.value(), UTF_8);
  }

  /** Returns whether a header is reserved: those received are dropped from every output. */
  public static boolean isReserved(String name) {
    return name.startsWith("wxphone.") || name.startsWith("__streams.errors.");
  }
}
