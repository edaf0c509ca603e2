package dev.wxphone.cli;

import dev.wxphone.Paint;
import java.io.Console;
import java.nio.charset.Charset;

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

  /** True where lines can be painted over: on a terminal that is not a dumb one. */
  static boolean canRepaint() {
    return isThere() && !"dumb".equals(System.getenv("TERM"));
  }

  /**
   * Colours where a person looks who wants them (no-color.org), and more than ASCII where the
   * output's encoding has it.
   */
  static Paint paint() {
    String noColour = System.getenv("NO_COLOR");
    return new Paint(
        canRepaint() && (noColour == null || noColour.isEmpty()),
        encoding().newEncoder().canEncode('█'));
  }

  /** Since Java 18 the default is UTF-8, whatever the output is. */
  private static Charset encoding() {
    String stated = System.getProperty("stdout.encoding");
    return stated == null ? Charset.defaultCharset() : Charset.forName(stated);
  }
}
