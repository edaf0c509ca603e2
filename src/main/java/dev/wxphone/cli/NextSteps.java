package dev.wxphone.cli;

import java.util.List;

/** How a command is typed, in rows that fit 80 columns unless an address is too long. */
public final class NextSteps {
  private static final int MAX_WIDTH = 78;

  private NextSteps() {}

  /**
   * Returns the command in one row or, with a backslash, in two.
   *
   * @param checkout true to run it with Maven from a checkout, false to run the jar
   */
  public static List<String> rows(boolean checkout, String command, String bootstrapServers) {
    String words = command + " --bootstrap-servers " + bootstrapServers;
    String program = checkout ? "mvn -q exec:java" : "java -jar target/wxphone.jar";
    String arguments = checkout ? "-Dexec.args=\"" + words + "\"" : words;
    String whole = program + " " + arguments;
    return whole.length() <= MAX_WIDTH
        ? List.of(whole)
        : List.of(program + " \\", "  " + arguments);
  }
}
