package dev.wxphone.tools.doctor;

import dev.wxphone.cli.DurationConverter;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.cli.Terminal;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicFilesOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

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
  @Mixin private final Output output = new Output();
  @Mixin private final TopicFilesOption files = new TopicFilesOption();

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "24h",
      converter = DurationConverter.class,
      description =
          "Judge records of so long, as in 10m or 2h (default: ${DEFAULT-VALUE}), the newest 20,000"
              + " of each input at most.")
  private @Nullable Duration since;

  @Override
  public Integer call() {
    Duration judged = Objects.requireNonNull(since);
    if (judged.isZero()) {
      throw new ParameterException(
          output.commandLine(),
          "--since takes a duration that is not 0, as in 10m or 2h: nothing would be judged");
    }
    Settings settings = kafka.settings();
    List<DesiredTopic> desired = files.read(settings.topics().byDefaultName());
    TextStyle paint = Terminal.style();
    DoctorReport report = new DoctorReport();
    new Doctor(settings, desired, files.asArgument(), judged)
        .examine(
            finding -> {
              report.add(finding);
              print(finding, paint);
            });
    if (!output.json()) {
      output.print(List.of("", report.verdict()));
    }
    return report.isWell() ? 0 : 1;
  }

  /** At once: a check may take seconds. */
  private void print(Finding finding, TextStyle paint) {
    output.print(
        output.json()
            ? List.of(DoctorReport.json(finding))
            : DoctorReport.text(finding, paint::red, Terminal.wrap()));
  }
}
