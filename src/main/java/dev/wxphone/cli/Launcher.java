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
    System.exit(execute(commandLine, args));
  }

  /** Runs one command and returns its exit code, whatever it throws. */
  static int execute(CommandLine commandLine, String[] args) {
    try {
      return commandLine.execute(args);
    } catch (Error e) {
      Shutdown.waitIfInProgress();
      print(commandLine, describe(e));
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static int fail(
      Exception e, CommandLine command, Function<KafkaException, OperatorException> kafkaErrors) {
    Exception known = e instanceof KafkaException kafka ? kafkaErrors.apply(kafka) : e;
    if (known instanceof OperatorException expected) {
      print(command, SafeText.escaped(String.valueOf(expected.getMessage())));
      return expected.exitCode();
    }
    Shutdown.waitIfInProgress();
    print(command, describe(errorIn(e)));
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Returns the error that an exception of another thread or of a client wraps, or itself. */
  private static Throwable errorIn(Exception e) {
    Throwable cause = e;
    for (int depth = 0; depth < 10 && cause != null; depth++) {
      if (cause instanceof Error) {
        return cause;
      }
      cause = cause.getCause();
    }
    return e;
  }

  private static String describe(Throwable thrown) {
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory (the heap has %d MB): give it more, as in java -Xmx2g -jar wxphone.jar; a record that is small on the broker may be much larger once it is unpacked"
          .formatted(Runtime.getRuntime().maxMemory() >> 20);
    }
    if (thrown instanceof LinkageError) {
      return "failed with a %s: the program's files do not fit together, or this Java; build or copy the jar again"
          .formatted(thrown.getClass().getName());
    }
    return "failed with an unexpected " + thrown.getClass().getName() + "; please report it";
  }

  private static void print(CommandLine command, String line) {
    PrintWriter err = command.getErr();
    err.println("wxphone: " + line);
    err.flush();
  }
}
