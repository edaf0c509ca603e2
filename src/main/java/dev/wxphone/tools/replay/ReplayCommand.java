package dev.wxphone.tools.replay;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.cli.ProgressLine;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.cli.Terminal;
import dev.wxphone.letters.AuthorOption;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.letters.LetterFilter;
import dev.wxphone.letters.LetterFilterOptions;
import dev.wxphone.letters.LimitOption;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.Units;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command that sends the payloads of dead letters once more. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Sends the payloads of dead letters once more: of the letters that are there now, those that"
          + " would succeed.",
      "Each letter is tried with the processor's own code against the session keys of now, so give it"
          + " the settings that the processor has. What goes is written to the audit in the same"
          + " transaction: killed and started again, it sends each letter once. Of two replays at"
          + " once the first ends.",
      "Ctrl-C ends it after the current transaction; the exit code is 1 if letters are left."
    })
public final class ReplayCommand implements Callable<Integer> {
  /** How long answers are awaited after a failure; most have come by then. */
  private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(5);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();
  @Mixin private final LetterFilterOptions filters = new LetterFilterOptions();
  @Mixin private final LimitOption limit = new LimitOption();
  @Mixin private final AuthorOption author = new AuthorOption();
  @Mixin private final Output output = new Output();

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      defaultValue = "200/s",
      converter = RateConverter.class,
      description = "Letters a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(names = "--all", description = "Send those that would fail again, too.")
  private boolean all;

  @Option(names = "--again", description = "Send those that were replayed or parked, too.")
  private boolean again;

  @Option(
      names = "--dry-run",
      description = "Show how many letters would be sent and why not the others; send nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Don't ask for a confirmation.")
  private boolean yes;

  @Override
  public Integer call() {
    LetterFilter filter = filters.filter(again);
    boolean asks = !dryRun && !yes && !filter.isRestricted();
    if (asks && !Terminal.isInteractive()) {
      throw OperatorException.usage(
          "without a filter this replays all that would succeed: add --yes if that is meant, or a"
              + " filter as --reason or --since; --dry-run shows which");
    }
    Settings settings = kafka.settings();
    Shutdown.exitOnSignal();
    try (ProgressLine progress = new ProgressLine(output.commandLine());
        DeadLetters letters = DeadLetters.open(settings, read -> progress.count("reading", read))) {
      ReplayPlan plan = ReplayPlan.of(letters, filter, all, limit.limit());
      progress.clear();
      if (dryRun) {
        output.print(
            output.json() ? ReplayReport.json(plan) : ReplayReport.text(plan, Terminal.style()));
        return 0;
      }
      if (!output.json()) {
        output.print(ReplayReport.text(plan, Terminal.style()));
        output.print(List.of(""));
      }
      if (asks && plan.size() > 0 && !isConfirmed(plan.size())) {
        output.print(List.of("nothing was sent"));
        return 0;
      }
      return send(letters, settings, plan, progress);
    }
  }

  private int send(DeadLetters letters, Settings settings, ReplayPlan plan, ProgressLine progress) {
    Replay.Author by = new Replay.Author(author.by(), UUID.randomUUID().toString());
    BooleanSupplier isShutdown = Shutdown.requests();
    Replay.Listener listener =
        new Replay.Listener() {
          @Override
          public boolean onSent(long count) {
            progress.bar("sending", count, plan.size());
            return !isShutdown.getAsBoolean();
          }

          @Override
          public boolean onWaiting(long count) {
            progress.count("waiting for answers,", count);
            return !isShutdown.getAsBoolean();
          }
        };
    if (plan.size() == 0) {
      return report(plan, Replay.Result.NOTHING_SENT, by);
    }
    try (Replay replay = new Replay(letters, settings, by, new ReplayRate(rate), listener)) {
      try {
        replay.send(plan);
        replay.awaitAnswers();
      } catch (OperatorException e) {
        replay.awaitAnswers(WAIT_AFTER_FAILURE);
        progress.clear();
        report(plan, replay.result(plan), by);
        throw e;
      }
      progress.clear();
      return report(plan, replay.result(plan), by);
    }
  }

  private int report(ReplayPlan plan, Replay.Result result, Replay.Author by) {
    output.print(
        output.json()
            ? List.of(ReplayReport.json(plan, result, by.run()))
            : ReplayReport.text(plan, result, Terminal.style()));
    return result.left() > 0 ? 1 : 0;
  }

  private boolean isConfirmed(int count) {
    Duration length = Duration.ofSeconds(Math.max(1, (long) (count / rate)));
    return Terminal.confirm(
        "Replay %s, in about %s?".formatted(Units.count(count, "letter"), Units.time(length)));
  }

  /** Converts {@code 200/s} or the number alone. */
  static final class RateConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
      String number = value.endsWith("/s") ? value.substring(0, value.length() - 2) : value;
      if (number.matches("[0-9]{1,9}(\\.[0-9]{1,3})?") && Double.parseDouble(number) > 0) {
        return Double.valueOf(number);
      }
      throw new TypeConversionException("takes letters a second, as in 200/s or 0.5/s");
    }
  }
}
