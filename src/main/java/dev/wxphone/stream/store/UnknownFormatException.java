package dev.wxphone.stream.store;

/**
 * Thrown if another version of the program wrote a stored value. It stops the program: to go on
 * would lose the value.
 */
public final class UnknownFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param version the format version of the value; -1 if it is empty
   */
  public UnknownFormatException(int version) {
    super("a stored value has format version " + version + ", which this program does not know");
  }
}
