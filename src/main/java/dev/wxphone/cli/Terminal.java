package dev.wxphone.cli;

import dev.wxphone.operator.LineWrap;
import dev.wxphone.operator.TextStyle;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The terminal that the program runs on, if any. */
public final class Terminal {
  private static final int STTY_TIMEOUT_SECONDS = 2;

  private Terminal() {}

  /** The size of a terminal in characters. */
  public record Size(int rows, int columns) {
    /** Returns whether it is as large as another. */
    boolean holds(Size other) {
      return rows >= other.rows && columns >= other.columns;
    }

    /** Returns rows and columns; empty unless both are numbers above 0 (0 means unknown). */
    static Optional<Size> of(@Nullable String rows, @Nullable String columns) {
      return rows != null && isCount(rows) && columns != null && isCount(columns)
          ? Optional.of(new Size(Integer.parseInt(rows), Integer.parseInt(columns)))
          : Optional.empty();
    }

    /** Returns the size that {@code stty size} printed; empty if it is none. */
    static Optional<Size> parse(String line) {
      String[] words = line.strip().split(" ", -1);
      return words.length == 2 ? of(words[0], words[1]) : Optional.empty();
    }

    private static boolean isCount(String text) {
      return text.matches("[1-9][0-9]{0,5}");
    }
  }

  /** Returns whether both standard input and standard output are a terminal. */
  // Until Java 21 there is a console only on a terminal; since 22 there always is one, with
  // isTerminal().
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isInteractive() {
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

  /** Returns how reports are wrapped: to 80 columns on a terminal, not at all elsewhere. */
  public static LineWrap wrap() {
    return isInteractive() ? LineWrap.TERMINAL : LineWrap.ANY;
  }

  /** Asks for a confirmation and returns whether the answer is y or Y. */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean confirm(String question) {
    Console console = System.console();
    String answer = console == null ? null : console.readLine("%s [y/N] ", question);
    return answer != null && answer.strip().equalsIgnoreCase("y");
  }

  /** Returns whether lines can be redrawn: on a terminal whose TERM is not {@code dumb}. */
  public static boolean canRepaint() {
    return isInteractive() && !"dumb".equals(System.getenv("TERM"));
  }

  /** Returns whether a screen of a size can be redrawn; true also if the size is unknown. */
  public static boolean canRepaint(Size needed) {
    return canRepaint() && size().map(size -> size.holds(needed)).orElse(true);
  }

  private static Optional<Size> size() {
    return sttySize().or(() -> Size.of(System.getenv("LINES"), System.getenv("COLUMNS")));
  }

  private static Optional<Size> sttySize() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!stty.waitFor(STTY_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          return Optional.empty();
        }
        byte[] printed = stty.getInputStream().readAllBytes();
        return Size.parse(new String(printed, StandardCharsets.US_ASCII));
      } finally {
        stty.destroyForcibly();
      }
    } catch (IOException noStty) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Returns the style of reports: in colour if the terminal can redraw and NO_COLOR is unset or
   * empty (no-color.org), and with block characters if the encoding of standard output has them.
   */
  // Not picocli's Ansi.AUTO: it colours a dumb terminal, and takes an empty NO_COLOR as set.
  public static TextStyle style() {
    String noColour = System.getenv("NO_COLOR");
    return new TextStyle(
        canRepaint() && (noColour == null || noColour.isEmpty()),
        encoding().newEncoder().canEncode('█'));
  }

  /** JEP 400: since Java 18 the default charset is UTF-8, whatever the encoding of the output. */
  private static Charset encoding() {
    String stated = System.getProperty("stdout.encoding");
    return stated == null ? Charset.defaultCharset() : Charset.forName(stated);
  }
}
