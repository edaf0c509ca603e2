package dev.wxphone.core.domain;

/** A repair of an input, in the order in which they are tried. */
public enum Repair {
  /** A byte order mark before the value. */
  BYTE_ORDER_MARK("byte-order-mark"),
  /** The five bytes that a schema registry's serializer puts before the value. */
  SCHEMA_REGISTRY_PREFIX("schema-registry-prefix"),
  /** JSON in a JSON text. */
  ENCODED_TWICE("encoded-twice"),
  /** The record's timestamp is in seconds since 1970. */
  TIMESTAMP_IN_SECONDS("timestamp-in-seconds"),
  /** Blanks and line breaks, as MIME encoders put them. */
  LINE_BREAKS("line-breaks"),
  /** A backslash before a slash, as some JSON writers put it. */
  ESCAPED_SLASHES("escaped-slashes"),
  /** {@code %2B} for {@code +}: the text was URL-encoded and not decoded. */
  PERCENT_ENCODED("percent-encoded"),
  /** A space for {@code +}: the text was decoded as a form without having been encoded as one. */
  SPACE_FOR_PLUS("space-for-plus"),
  /** {@code -} and {@code _} for {@code +} and {@code /}: the URL-safe alphabet. */
  URL_SAFE("url-safe"),
  /** The {@code =} at the end is missing. */
  MISSING_PADDING("missing-padding"),
  /** The iv is wrong or unusable and is ignored; the first block is known without it. */
  IV_IGNORED("iv-ignored");

  private final String text;

  Repair(String text) {
    this.text = text;
  }

  /** Returns its name in a profile's {@code repairs}. */
  public String text() {
    return text;
  }
}
