package dev.wxphone.letters;

/** How a letter stands today; each is in one of these, the first that fits. */
public enum Standing {
  /** It holds no payload that could be published again. */
  NOT_REPLAYABLE("not-replayable"),
  /** It was replayed already. */
  REPLAYED("replayed"),
  /** Somebody dealt with it otherwise. */
  PARKED("parked"),
  /** Its payload was tried so often that it stays where it is. */
  OVER_LIMIT("over-limit"),
  /** Replayed now, it would become a profile. */
  WOULD_SUCCEED("would-succeed"),
  /** Replayed now, it would come back. */
  WOULD_FAIL("would-fail");

  private final String text;

  Standing(String text) {
    this.text = text;
  }

  /** As a program reads it. */
  public String text() {
    return text;
  }
}
