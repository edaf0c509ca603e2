package dev.wxphone.operator;

/**
 * Thrown if a command cannot go on for a reason outside the program that an operator can remove.
 * The message is one line that says what is wrong and what to do, holds no secret, and is printed
 * without a stack trace.
 */
public final class OperatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean usage;

  private OperatorException(String message, boolean usage) {
    super(message);
    this.usage = usage;
  }

  /** Returns an exception that ends the program with exit code 1. */
  public static OperatorException failed(String message) {
    return new OperatorException(message, false);
  }

  /** Returns an exception for a wrong option or setting: exit code 2. */
  public static OperatorException usage(String message) {
    return new OperatorException(message, true);
  }

  /** Returns 1 for failed, 2 for wrong usage. */
  public int exitCode() {
    return usage ? 2 : 1;
  }
}
