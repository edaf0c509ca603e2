package dev.wxphone.cli;

import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import java.io.PrintWriter;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;

/** Runs a command; each of its errors is one line on standard error and an exit code. */
public final class Launcher {
  private Launcher() {}

  /**
   * Returns the command line of a program.
   *
   * @param main names the commands
   * @param kafkaErrors translates what Kafka's clients throw
   */
  public static CommandLine commandLine(
      CommandGroup main, Function<KafkaException, OperatorException> kafkaErrors) {
    CommandLine commandLine = new CommandLine(main);
    commandLine.setParameterExceptionHandler(
        (e, args) -> {
          print(e.getCommandLine(), UsageErrors.describe(e));
          return CommandLine.ExitCode.USAGE;
        });
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> fail(e, command, kafkaErrors));
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    // Not argument files, but what curl's users type for a file of data: @clicks.jsonl.
    commandLine.setExpandAtFiles(false);
    return commandLine;
  }

  /** Runs one command and ends the JVM with its exit code. */
  public static void run(CommandLine commandLine, String[] args) {
    int exitCode;
    try {
      exitCode = commandLine.execute(args);
    } catch (Error e) {
      Shutdown.waitIfInProgress();
      throw e;
    }
    System.exit(exitCode);
  }

  private static int fail(
      Exception e, CommandLine command, Function<KafkaException, OperatorException> kafkaErrors) {
    Exception known = e instanceof KafkaException kafka ? kafkaErrors.apply(kafka) : e;
    if (known instanceof OperatorException expected) {
      print(command, SafeText.escaped(String.valueOf(expected.getMessage())));
      return expected.exitCode();
    }
    Shutdown.waitIfInProgress();
    print(command, "failed with an unexpected " + e.getClass().getName() + "; please report it");
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void print(CommandLine command, String line) {
    PrintWriter err = command.getErr();
    err.println("wxphone: " + line);
    err.flush();
  }
}
