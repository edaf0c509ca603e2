package dev.wxphone.core.domain;

/** What can turn a dead letter into a profile. */
public enum Recovery {
  /** The same payload can succeed once its session key is known or the settings are mended. */
  REPLAY("replay"),
  /** Only a new click of the user helps. */
  CLICK_AGAIN("click-again"),
  /** Nothing makes this payload readable. */
  NEVER("never");

  private final String text;

  Recovery(String text) {
    this.text = text;
  }

  /** The value of the header {@code wxphone.recovery}. */
  public String text() {
    return text;
  }
}
