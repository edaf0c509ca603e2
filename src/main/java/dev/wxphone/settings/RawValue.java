package dev.wxphone.settings;

/**
 * A value as somebody gave it.
 *
 * @param origin where it was given, for an error
 * @param quotable false for what was read from a secret's file: if that is the wrong file, the
 *     error must not show what is in it
 */
record RawValue(String value, String origin, boolean quotable) {
  /** The value may be a password. */
  @Override
  public String toString() {
    return "Given[origin=" + origin + "]";
  }
}
