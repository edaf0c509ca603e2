package dev.wxphone;

import dev.wxphone.cli.CommandGroup;
import dev.wxphone.cli.Launcher;
import dev.wxphone.cli.ManifestVersion;
import dev.wxphone.demo.DemoCommand;
import dev.wxphone.demo.broker.BrokerCommand;
import dev.wxphone.kafka.KafkaErrors;
import dev.wxphone.stream.runtime.RunCommand;
import dev.wxphone.tools.books.BooksCommand;
import dev.wxphone.tools.deadletters.DeadLettersCommand;
import dev.wxphone.tools.deadletters.ParkCommand;
import dev.wxphone.tools.doctor.DoctorCommand;
import dev.wxphone.tools.forget.ForgetCommand;
import dev.wxphone.tools.publish.PublishCommand;
import dev.wxphone.tools.replay.ReplayCommand;
import dev.wxphone.tools.skip.SkipCommand;
import dev.wxphone.tools.topics.TopicsCommand;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: names its commands. */
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
      SkipCommand.class,
      DoctorCommand.class,
    },
    footer = {
      "",
      "Settings come from --config FILE, the environment (WXPHONE_…, KAFKA_…) and -Dkey=value, the"
          + " latter before the former; README.md lists them.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    })
public final class Main extends CommandGroup {
  private static final Set<String> SERVICES = Set.of("run", "demo", "broker");
  private static final String KAFKA_LOG_LEVEL = "KAFKA_LOG_LEVEL";

  private Main() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    // Numbers look the same everywhere. Besides, Kafka Streams formats a text for each record, for
    // a log that is off, and under another locale the JDK searches its digits each time.
    Locale.setDefault(Locale.Category.FORMAT, Locale.US);
    logOfTools(args);
    Launcher.run(commandLine(), args);
  }

  /** A tool says in one line why it fails; what Kafka's clients say of it is heard if asked for. */
  private static void logOfTools(String[] args) {
    boolean asked =
        System.getenv(KAFKA_LOG_LEVEL) != null || System.getProperty(KAFKA_LOG_LEVEL) != null;
    if (!asked && Arrays.stream(args).noneMatch(SERVICES::contains)) {
      System.setProperty(KAFKA_LOG_LEVEL, "OFF");
    }
  }

  /** Returns the command line of the program. */
  public static CommandLine commandLine() {
    return Launcher.commandLine(new Main(), KafkaErrors::ofClient);
  }
}
