package dev.wxphone.integration.kit;

import dev.wxphone.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collection;
import picocli.CommandLine;

/** Executes commands in this JVM, without the exit at their end. */
public final class InProcess {
  private InProcess() {}

  public static Program.Result execute(Collection<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    int code = commandLine.execute(arguments.toArray(String[]::new));
    return new Program.Result(
        code, out.toString().lines().toList(), err.toString().lines().toList());
  }
}
