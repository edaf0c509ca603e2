package dev.wxphone.tools.doctor;

import dev.wxphone.operator.OperatorException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one check saw, each part of it in one line. */
public sealed interface Finding {

  /** The check's name. */
  String check();

  /** What there is, without anything secret. */
  String seen();

  /** All is well. */
  record Fine(String check, String seen) implements Finding {}

  /**
   * Something is wrong.
   *
   * @param remedy what to do
   */
  record Wrong(String check, String seen, String remedy) implements Finding {}

  /**
   * Nobody can tell.
   *
   * @param seen why not
   * @param remedy what to do so that one can
   */
  record Unchecked(String check, String seen, String remedy) implements Finding {}

  /** The trouble as something wrong; such a line says what there is, then what to do. */
  static Finding wrong(String check, OperatorException trouble) {
    String[] parts = parts(trouble);
    return new Wrong(check, parts[0], parts[1]);
  }

  /** The trouble as the reason why a check was not made. */
  static Finding unchecked(String check, OperatorException trouble) {
    String[] parts = parts(trouble);
    return new Unchecked(check, parts[0], parts[1]);
  }

  /** What there is and what to do, parted as the lines for operators part them. */
  private static String[] parts(OperatorException trouble) {
    String line = String.valueOf(trouble.getMessage());
    Matcher end = Pattern.compile("[:;] ").matcher(line);
    return !end.find()
        ? new String[] {line, "mend that, then run this again"}
        : new String[] {line.substring(0, end.start()), line.substring(end.end())};
  }
}
