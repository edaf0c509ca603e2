package dev.wxphone.cli;

import java.io.Console;

/** Whether a person is looking. */
final class Terminal {
  private Terminal() {}

  /** True where both standard input and standard output are a terminal. */
  // Until Java 21 there is a console only on a terminal; since 22 there always is, and it tells.
  @SuppressWarnings("SystemConsoleNull")
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Asks the person there; anything but a clear yes is a no. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean answersYes(String question) {
    Console console = System.console();
    String answer = console == null ? null : console.readLine("%s", question);
    return answer != null && answer.strip().equalsIgnoreCase("y");
  }

  /** False where the user wants none (no-color.org) or the terminal has none. */
  static boolean hasColour() {
    String noColour = System.getenv("NO_COLOR");
    return (noColour == null || noColour.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }
}
