package dev.wxphone.cli;

import java.util.List;

/** How a visitor types a command, in rows that fit 80 columns where an address is not too long. */
public final class NextSteps {
  private static final int ROOM = 78;

  private NextSteps() {}

  /**
   * The command, in one row or, with a backslash, in two.
   *
   * @param checkout true where there need be no jar yet; in a jar there is no checkout
   */
  public static List<String> rows(boolean checkout, String command, String bootstrapServers) {
    String words = command + " --bootstrap-servers " + bootstrapServers;
    String program = checkout ? "mvn -q exec:java" : "java -jar target/wxphone.jar";
    String arguments = checkout ? "-Dexec.args=\"" + words + "\"" : words;
    String whole = program + " " + arguments;
    return whole.length() <= ROOM ? List.of(whole) : List.of(program + " \\", "  " + arguments);
  }
}
