package dev.wxphone.operator;

/**
 * Something outside the program stops a command, and a person can mend it. The message is one line
 * that says what is wrong and what to do, and holds no secret; it is printed as it is, without a
 * stack trace.
 */
public final class OperatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean usage;

  private OperatorException(String message, boolean usage) {
    super(message);
    this.usage = usage;
  }

  /** The command can't do its work: exit code 1. */
  public static OperatorException failed(String message) {
    return new OperatorException(message, false);
  }

  /** The command was asked wrongly (an option, a setting): exit code 2. */
  public static OperatorException usage(String message) {
    return new OperatorException(message, true);
  }

  /** 1 for failed, 2 for wrong usage. */
  public int exitCode() {
    return usage ? 2 : 1;
  }
}
