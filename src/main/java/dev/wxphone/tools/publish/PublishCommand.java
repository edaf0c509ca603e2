package dev.wxphone.tools.publish;

import dev.wxphone.cli.CommandGroup;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.ProgressLine;
import dev.wxphone.cli.Terminal;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import dev.wxphone.settings.Settings;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that publish records in the place of a backend. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description =
        "Publishes logins or clicks from lines of JSON, each with its openid as the key, in the"
            + " partition where the processor expects it.",
    synopsisSubcommandLabel = "session-key|payload",
    subcommands = {PublishCommand.SessionKeyCommand.class, PublishCommand.PayloadCommand.class})
public final class PublishCommand extends CommandGroup {
  /** What both commands have in common. */
  static final class PublishOptions {
    /** Enough to see that a file holds something else. */
    private static final int MAX_REFUSALS_PRINTED = 20;

    @Mixin private final KafkaOptions kafka = new KafkaOptions();

    @Parameters(
        arity = "0..1",
        paramLabel = "FILE",
        description = "Lines of JSON in UTF-8; - or nothing is standard input.")
    private @Nullable Path file;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    int publish(Function<Settings, LineFormat> formatOf) {
      Settings settings = kafka.settings();
      LineFormat format = formatOf.apply(settings);
      String topic = format.topic(settings.topics());
      try (InputStream input = open();
          RecordPublisher publisher = RecordPublisher.to(topic, new KafkaProperties(settings));
          // No progress while the input is typed on the terminal.
          ProgressLine progress =
              new ProgressLine(command(), file != null && Terminal.isInteractive())) {
        LinePublisher lines = new LinePublisher(format, publisher, listener(progress));
        boolean readable = true;
        try {
          lines.publish(input);
        } catch (IOException e) {
          readable = false;
          throw e;
        } finally {
          progress.clear();
          if (readable || publisher.published() > 0 || lines.refused() > 0) {
            report(publisher.published(), lines.refused(), topic);
          }
        }
        return lines.refused() == 0 ? 0 : 1;
      } catch (IOException e) {
        throw unreadable("can't be read");
      }
    }

    private InputStream open() throws IOException {
      if (file == null || file.toString().equals("-")) {
        if (Terminal.isInteractive()) {
          err().println("reading lines of JSON from standard input; Ctrl-D ends it");
          err().flush();
        }
        return new UnclosedInput(System.in);
      }
      if (file.toString().isEmpty()) {
        throw new ParameterException(
            command(), "the name of the file is empty; - or nothing is standard input");
      }
      try {
        if (Files.isDirectory(file)) {
          throw unreadable("is a directory");
        }
        return Files.newInputStream(file);
      } catch (NoSuchFileException e) {
        throw unreadable("doesn't exist");
      }
    }

    private OperatorException unreadable(String why) {
      return OperatorException.usage(
          file == null
              ? "standard input " + why
              : "the file %s %s".formatted(SafeText.shortened(file.toString()), why));
    }

    private LinePublisher.Listener listener(ProgressLine progress) {
      return new LinePublisher.Listener() {
        private int printed;

        @Override
        public void onRefused(long line, String why) {
          if (printed > MAX_REFUSALS_PRINTED) {
            return;
          }
          progress.clear();
          err()
              .println(
                  printed < MAX_REFUSALS_PRINTED
                      ? "wxphone: line " + line + ": " + why
                      : "wxphone: further lines that are refused are only counted");
          err().flush();
          printed++;
        }

        @Override
        public void onPublished(long records) {
          progress.count("published", records);
        }
      };
    }

    private void report(long published, long refused, String topic) {
      PrintWriter out = command().getOut();
      out.printf(
          "published %d to %s%s%n", published, topic, refused == 0 ? "" : ", refused " + refused);
      out.flush();
    }

    private PrintWriter err() {
      return command().getErr();
    }

    private CommandLine command() {
      return Objects.requireNonNull(spec).commandLine();
    }

    /** Standard input, which belongs to the process and is not closed. */
    private static final class UnclosedInput extends FilterInputStream {
      UnclosedInput(InputStream input) {
        super(input);
      }

      @Override
      public void close() {}
    }
  }

  /** Publishes logins and logouts. */
  @Command(
      name = "session-key",
      mixinStandardHelpOptions = true,
      description = {
        "Publishes logins and logouts to session-key.",
        "A line is the answer of jscode2session with the appid,",
        "  {\"openid\":\"o…\",\"appid\":\"wx…\",\"session_key\":\"…\",\"unionid\":\"…\"}",
        "and becomes the value as it is, under its openid. A logout, which forgets every key of the"
            + " openid, is",
        "  {\"openid\":\"o…\",\"session_key\":null}",
        "A line that would only become a dead letter is refused with its number, the others are"
            + " published, and the exit code is 1. Blank lines are skipped."
      })
  static final class SessionKeyCommand implements Callable<Integer> {
    @Mixin private final PublishOptions options = new PublishOptions();

    @Override
    public Integer call() {
      return options.publish(settings -> new LineFormat.SessionKeys(settings.appids().isEmpty()));
    }
  }

  /** Publishes payloads. */
  @Command(
      name = "payload",
      mixinStandardHelpOptions = true,
      description = {
        "Publishes clicks to phone-payload.",
        "A line is e.detail of the phone button with the openid,",
        "  {\"openid\":\"o…\",\"errMsg\":\"getPhoneNumber:ok\",\"encryptedData\":\"…\",\"iv\":\"…\"}",
        "The openid becomes the key, and the other fields the value, as they are.",
        "A line that would only become the dead letter MALFORMED_PAYLOAD is refused with its number,"
            + " the others are published, and the exit code is 1. Blank lines are skipped."
      })
  static final class PayloadCommand implements Callable<Integer> {
    @Mixin private final PublishOptions options = new PublishOptions();

    @Override
    public Integer call() {
      return options.publish(settings -> new LineFormat.Payloads());
    }
  }
}
