package dev.wxphone.core.domain;

/** What can turn a dead letter into a profile. */
public enum Recovery {
  /** The same payload can succeed once its session key is known or a setting is corrected. */
  REPLAY("replay"),
  /** The user has to click again. */
  CLICK_AGAIN("click-again"),
  /** Nothing can. */
  NEVER("never");

  private final String text;

  Recovery(String text) {
    this.text = text;
  }

  /** Returns the value of the header {@code wxphone.recovery}. */
  public String text() {
    return text;
  }
}
