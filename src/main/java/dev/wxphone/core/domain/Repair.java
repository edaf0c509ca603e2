package dev.wxphone.core.domain;

/** What had to be mended in a payload, in the order in which it is tried. */
public enum Repair {
  /** {@code %2B} for {@code +}: the text went through URL encoding and nobody decoded it. */
  PERCENT_ENCODED("percent-encoded"),
  /**
   * A space for {@code +}: the text was decoded as a form, though it had not been encoded as one.
   */
  SPACE_FOR_PLUS("space-for-plus"),
  /** {@code -} and {@code _} for {@code +} and {@code /}. */
  URL_SAFE("url-safe"),
  /** Line breaks, as MIME encoders put them. */
  LINE_BREAKS("line-breaks"),
  /** The {@code =} at the end was cut. */
  MISSING_PADDING("missing-padding"),
  /** The iv is not the one that was used; the first block is known without it. */
  IV_IGNORED("iv-ignored");

  private final String text;

  Repair(String text) {
    this.text = text;
  }

  /** Its name in a profile's {@code repairs}. */
  public String text() {
    return text;
  }
}
