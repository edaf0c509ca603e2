package dev.wxphone.tools.doctor;

import dev.wxphone.cli.DurationConverter;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Terminal;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks a live installation. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a live installation, and says what to do about each thing that is wrong; exits 1 then.",
      "It disturbs nothing: it reads committed records, joins no group and leaves nothing behind."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--files",
      paramLabel = "DIR",
      description = "A directory of KafkaTopic files instead of those in the jar.")
  private @Nullable Path files;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "24h",
      converter = DurationConverter.class,
      description =
          "Judge records of so long, as in 10m or 2h (default: ${DEFAULT-VALUE}), the newest 20,000"
              + " of each input at most.")
  private @Nullable Duration since;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Duration judged = Objects.requireNonNull(since);
    if (judged.isZero()) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--since takes a duration that is not 0, as in 10m or 2h: nothing would be judged");
    }
    Settings settings = kafka.settings();
    var names = settings.topics().byDefaultName();
    List<DesiredTopic> desired =
        files == null ? TopicFiles.bundled(names) : TopicFiles.in(files, names);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    TextStyle style = Terminal.paint();
    DoctorReport report = new DoctorReport();
    new Doctor(settings, desired, files == null ? "" : " --files " + files, judged)
        .examine(
            finding -> {
              report.add(finding);
              print(finding, style, out);
            });
    if (!json) {
      out.println();
      out.println(report.verdict());
    }
    out.flush();
    return report.isWell() ? 0 : 1;
  }

  /** Prints a finding at once, since the next check may take seconds. */
  private void print(Finding finding, TextStyle style, PrintWriter out) {
    if (json) {
      out.println(DoctorReport.json(finding));
    } else {
      DoctorReport.text(finding, style::red, Terminal.width()).forEach(out::println);
    }
    out.flush();
  }
}
