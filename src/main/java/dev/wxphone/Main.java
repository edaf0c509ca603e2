package dev.wxphone;

import dev.wxphone.cli.ManifestVersion;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.cli.UsageErrors;
import dev.wxphone.demo.DemoCommand;
import dev.wxphone.demo.broker.BrokerCommand;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.operator.OneLine;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.stream.runtime.RunCommand;
import dev.wxphone.tools.books.BooksCommand;
import dev.wxphone.tools.deadletters.DeadLettersCommand;
import dev.wxphone.tools.deadletters.ParkCommand;
import dev.wxphone.tools.doctor.DoctorCommand;
import dev.wxphone.tools.forget.ForgetCommand;
import dev.wxphone.tools.publish.PublishCommand;
import dev.wxphone.tools.replay.ReplayCommand;
import dev.wxphone.tools.topics.TopicsCommand;
import java.io.PrintWriter;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "wxphone",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    description =
        "Turns WeChat's phone-button callbacks on Kafka into verified user profiles, and every"
            + " failure into a dead letter with a reason.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      BrokerCommand.class,
      RunCommand.class,
      TopicsCommand.class,
      BooksCommand.class,
      PublishCommand.class,
      DeadLettersCommand.class,
      ReplayCommand.class,
      ParkCommand.class,
      ForgetCommand.class,
      DoctorCommand.class,
    },
    footer = {
      "",
      "Settings come from --config FILE, the environment (WXPHONE_…, KAFKA_…) and -Dkey=value, the"
          + " latter before the former; README.md lists them.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    })
public final class Main implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  // picocli sets the field before it calls anything.
  @SuppressWarnings("NullAway.Init")
  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    int exitCode;
    try {
      exitCode = commandLine().execute(args);
    } catch (Error e) {
      Shutdown.waitWhereUnderWay();
      throw e;
    }
    System.exit(exitCode);
  }

  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setParameterExceptionHandler(Main::misused);
    commandLine.setExecutionExceptionHandler(Main::failed);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    // A file of arguments is nobody's wish here, and @clicks.jsonl is what curl's users type.
    commandLine.setExpandAtFiles(false);
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int misused(ParameterException e, String[] args) {
    print(e.getCommandLine(), UsageErrors.told(e));
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine of, CommandLine.ParseResult result) {
    if (e instanceof OperatorException told) {
      print(of, OneLine.escaped(String.valueOf(told.getMessage())));
      return told.exitCode();
    }
    if (e instanceof KafkaException kafka) {
      OperatorException told = KafkaErrors.ofClient(kafka);
      print(of, OneLine.escaped(String.valueOf(told.getMessage())));
      return told.exitCode();
    }
    Shutdown.waitWhereUnderWay();
    print(of, "failed with " + e.getClass().getName() + ", which nobody foresaw; please report it");
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void print(CommandLine of, String line) {
    PrintWriter err = of.getErr();
    err.println("wxphone: " + line);
    err.flush();
  }
}
