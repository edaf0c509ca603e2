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

/** Whether a person is looking. */
public final class Terminal {
  private static final int SECONDS_TO_TELL_ITS_SIZE = 2;

  private Terminal() {}

  /** How much room there is. */
  public record Size(int rows, int columns) {
    /** Whether so much has room. */
    boolean holds(Size other) {
      return rows >= other.rows && columns >= other.columns;
    }

    /**
     * Reads rows and columns; empty where they are not two numbers, or 0, as where nobody knows.
     */
    static Optional<Size> of(@Nullable String rows, @Nullable String columns) {
      return rows != null && isCount(rows) && columns != null && isCount(columns)
          ? Optional.of(new Size(Integer.parseInt(rows), Integer.parseInt(columns)))
          : Optional.empty();
    }

    /** Reads what {@code stty size} says. */
    static Optional<Size> told(String line) {
      String[] words = line.strip().split(" ", -1);
      return words.length == 2 ? of(words[0], words[1]) : Optional.empty();
    }

    private static boolean isCount(String text) {
      return text.matches("[1-9][0-9]{0,5}");
    }
  }

  /** True where both standard input and standard output are a terminal. */
  // Until Java 21 there is a console only on a terminal; since 22 there always is, and it tells.
  @SuppressWarnings("SystemConsoleNull")
  public static boolean isThere() {
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

  /** Lines fit a terminal where there is one, and are as long as it takes elsewhere. */
  public static LineWrap width() {
    return isThere() ? LineWrap.TERMINAL : LineWrap.ANY;
  }

  /** Asks the person there; anything but a clear yes is a no. */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean answersYes(String question) {
    Console console = System.console();
    String answer = console == null ? null : console.readLine("%s", question);
    return answer != null && answer.strip().equalsIgnoreCase("y");
  }

  /** True where lines can be painted over: on a terminal that is not a dumb one. */
  public static boolean canRepaint() {
    return isThere() && !"dumb".equals(System.getenv("TERM"));
  }

  /** Whether so much can be painted over and over; true also where its size can't be known. */
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
        if (!stty.waitFor(SECONDS_TO_TELL_ITS_SIZE, TimeUnit.SECONDS)) {
          return Optional.empty();
        }
        byte[] told = stty.getInputStream().readAllBytes();
        return Size.told(new String(told, StandardCharsets.US_ASCII));
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
   * Colours where a person looks who wants them (no-color.org), and more than ASCII where the
   * output's encoding has it.
   */
  public static TextStyle paint() {
    String noColour = System.getenv("NO_COLOR");
    return new TextStyle(
        canRepaint() && (noColour == null || noColour.isEmpty()),
        encoding().newEncoder().canEncode('█'));
  }

  /** Since Java 18 the default is UTF-8, whatever the output is. */
  private static Charset encoding() {
    String stated = System.getProperty("stdout.encoding");
    return stated == null ? Charset.defaultCharset() : Charset.forName(stated);
  }
}
