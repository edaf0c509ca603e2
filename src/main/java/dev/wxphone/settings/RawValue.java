package dev.wxphone.settings;

/**
 * The value of a setting as given.
 *
 * @param origin where it was given, for an error
 * @param quotable false if it was read from a secret's file: if that is the wrong file, the error
 *     must not show its content
 */
record RawValue(String value, String origin, boolean quotable) {
  /** The value may be a password. */
  @Override
  public String toString() {
    return "RawValue[origin=" + origin + "]";
  }
}
