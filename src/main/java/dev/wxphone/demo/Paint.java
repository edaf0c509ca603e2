package dev.wxphone.demo;

/** Colours and weights of a terminal (ECMA-48), or none of them. */
public enum Paint {
  /** Escape sequences. */
  COLOUR,
  /** Plain text. */
  NONE;

  String bold(String text) {
    return wrap("1", text);
  }

  String faint(String text) {
    return wrap("2", text);
  }

  /** What is wrong. */
  public String red(String text) {
    return wrap("31", text);
  }

  String green(String text) {
    return wrap("32", text);
  }

  private String wrap(String code, String text) {
    return this == NONE ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
