package dev.wxphone.stream.store;

/**
 * A stored value was written by another version of the program, which must not be guessed at. It
 * stops the program: going on would lose what is stored.
 */
public final class UnknownFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A value of this format version can't be read. */
  public UnknownFormatException(int version) {
    super("a stored value has format version " + version + ", which this program does not know");
  }
}
