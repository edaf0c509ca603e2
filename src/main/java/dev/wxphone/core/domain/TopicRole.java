package dev.wxphone.core.domain;

/** The role of a topic; the contract describes the records of each. */
public enum TopicRole {
  PHONE_PAYLOAD("phone-payload"),
  SESSION_KEY("session-key"),
  USER_PROFILE("user-profile"),
  DEAD_LETTER("dead-letter"),
  DEAD_LETTER_AUDIT("dead-letter-audit");

  private final String defaultName;

  TopicRole(String defaultName) {
    this.defaultName = defaultName;
  }

  /** Returns the topic's name unless a setting changes it. */
  public String defaultName() {
    return defaultName;
  }

  /** Returns the key of the setting that names the topic. */
  public String settingKey() {
    return "wxphone.topic." + defaultName;
  }
}
