package dev.wxphone.core.domain;

/** A repair of a payload, in the order in which they are tried. */
public enum Repair {
  /** {@code %2B} for {@code +}: the text was URL-encoded and not decoded. */
  PERCENT_ENCODED("percent-encoded"),
  /** A space for {@code +}: the text was decoded as a form without having been encoded as one. */
  SPACE_FOR_PLUS("space-for-plus"),
  /** {@code -} and {@code _} for {@code +} and {@code /}: the URL-safe alphabet. */
  URL_SAFE("url-safe"),
  /** Line breaks, as MIME encoders put them. */
  LINE_BREAKS("line-breaks"),
  /** The {@code =} at the end is missing. */
  MISSING_PADDING("missing-padding"),
  /** The iv is wrong and is ignored; the first block is known without it. */
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
