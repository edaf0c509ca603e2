package dev.wxphone.tools.doctor;

import dev.wxphone.operator.OperatorException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one check found, each part of it in one line. */
public sealed interface Finding {

  /** Returns the name of the check. */
  String check();

  /** Returns what was found, without secrets. */
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
   * The check could not be made.
   *
   * @param seen why not
   * @param remedy what to do so that it can
   */
  record Unchecked(String check, String seen, String remedy) implements Finding {}

  /** Returns an error as something wrong. */
  static Finding wrong(String check, OperatorException error) {
    String[] parts = parts(error);
    return new Wrong(check, parts[0], parts[1]);
  }

  /** Returns an error as the reason why a check could not be made. */
  static Finding unchecked(String check, OperatorException error) {
    String[] parts = parts(error);
    return new Unchecked(check, parts[0], parts[1]);
  }

  /** Splits the line for an operator into what is wrong and what to do. */
  private static String[] parts(OperatorException error) {
    String line = String.valueOf(error.getMessage());
    Matcher end = Pattern.compile("[:;] ").matcher(line);
    return !end.find()
        ? new String[] {line, "mend that, then run this again"}
        : new String[] {line.substring(0, end.start()), line.substring(end.end())};
  }
}
