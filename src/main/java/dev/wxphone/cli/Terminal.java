package dev.wxphone.cli;

import dev.wxphone.demo.Paint;
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

  /** True where lines can be painted over: on a terminal that is not a dumb one. */
  static boolean canRepaint() {
    return isThere() && !"dumb".equals(System.getenv("TERM"));
  }

  /** Colours unless the user wants none (no-color.org), and blocks where the locale has them. */
  // As above; one that is no terminal does no harm here.
  @SuppressWarnings("SystemConsoleNull")
  static Paint paint() {
    String noColour = System.getenv("NO_COLOR");
    Console console = System.console();
    return new Paint(
        noColour == null || noColour.isEmpty(),
        console != null && console.charset().newEncoder().canEncode('█'));
  }
}
