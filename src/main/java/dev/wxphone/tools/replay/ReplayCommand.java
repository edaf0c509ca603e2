package dev.wxphone.tools.replay;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.ProgressLine;
import dev.wxphone.cli.Shutdown;
import dev.wxphone.cli.Terminal;
import dev.wxphone.letters.AuthorOption;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.letters.LetterFilter;
import dev.wxphone.letters.LetterFilterOptions;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Sends the payloads of dead letters once more. */
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
      "Ctrl-C ends it after the current transaction, with 1 where letters are left."
    })
public final class ReplayCommand implements Callable<Integer> {
  /** Of those that went before it could not go on, most have their answers by now. */
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();
  @Mixin private final LetterFilterOptions selected = new LetterFilterOptions();
  @Mixin private final AuthorOption author = new AuthorOption();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Send so many at the most, the oldest.")
  private @Nullable Long limit;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      defaultValue = "200/s",
      converter = Rate.class,
      description = "Letters a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(names = "--all", description = "Send those that would fail again, too.")
  private boolean all;

  @Option(names = "--again", description = "Send those that were replayed or parked, too.")
  private boolean again;

  @Option(
      names = "--dry-run",
      description = "Show how the letters of each reason stand, and write nothing.")
  private boolean dryRun;

  @Option(names = "--yes", description = "Don't ask, where there is no filter.")
  private boolean yes;

  @Option(names = "--json", description = "JSON objects, one a line.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    LetterFilter selection = selected.selection(again);
    if (limit != null && limit < 1) {
      throw new ParameterException(spec().commandLine(), "--limit takes 1 or more");
    }
    boolean asks = !dryRun && !yes && !selection.isFilter();
    if (asks && !Terminal.isThere()) {
      throw OperatorException.usage(
          "without a filter this replays all that would succeed: add --yes if that is meant, or a"
              + " filter as --reason or --since; --dry-run shows which");
    }
    Settings settings = kafka.settings();
    Shutdown.anywhere();
    try (ProgressLine progress = new ProgressLine(spec());
        DeadLetters letters = DeadLetters.open(settings, read -> progress.count("reading", read))) {
      ReplayPlan plan =
          ReplayPlan.of(letters, selection, all, limit == null ? Long.MAX_VALUE : limit);
      progress.clear();
      if (dryRun) {
        print(json ? ReplayReport.json(plan) : ReplayReport.text(plan, Terminal.paint()));
        return 0;
      }
      if (!json) {
        print(ReplayReport.text(plan, Terminal.paint()));
        print(List.of(""));
      }
      if (asks && plan.size() > 0 && !answersYes(plan.size())) {
        print(List.of("nothing was sent"));
        return 0;
      }
      return send(letters, settings, plan, progress);
    }
  }

  private int send(DeadLetters letters, Settings settings, ReplayPlan plan, ProgressLine progress) {
    Replay.Author by = new Replay.Author(author.by(), UUID.randomUUID().toString());
    BooleanSupplier asked = Shutdown.asked();
    Replay.Listener listener =
        new Replay.Listener() {
          @Override
          public boolean sent(long count) {
            progress.bar("sending", count, plan.size());
            return !asked.getAsBoolean();
          }

          @Override
          public boolean unanswered(long count) {
            progress.count("waiting for answers,", count);
            return !asked.getAsBoolean();
          }
        };
    if (plan.size() == 0) {
      return report(plan, Replay.Report.NOTHING, by);
    }
    try (Replay replay = new Replay(letters, settings, by, new ReplayRate(rate), listener)) {
      try {
        replay.send(plan);
        replay.awaitAnswers();
      } catch (OperatorException e) {
        replay.readAnswers(ANSWERS_WITHIN);
        progress.clear();
        report(plan, replay.report(plan), by);
        throw e;
      }
      progress.clear();
      return report(plan, replay.report(plan), by);
    }
  }

  private int report(ReplayPlan plan, Replay.Report report, Replay.Author by) {
    print(
        json
            ? List.of(ReplayReport.json(plan, report, by.run()))
            : ReplayReport.text(plan, report, Terminal.paint()));
    return report.left() > 0 ? 1 : 0;
  }

  private boolean answersYes(int count) {
    return Terminal.answersYes(
        "Replay %,d letter%s, in about %s? [y/N] "
            .formatted(count, count == 1 ? "" : "s", about((long) (count / rate))));
  }

  private static String about(long seconds) {
    return seconds < 120 ? Math.max(1, seconds) + " s" : seconds / 60 + " min";
  }

  private void print(List<String> lines) {
    PrintWriter out = spec().commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  /** {@code 200/s}, or the number alone. */
  static final class Rate implements ITypeConverter<Double> {
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
