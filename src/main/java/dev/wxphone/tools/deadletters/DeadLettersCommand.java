package dev.wxphone.tools.deadletters;

import dev.wxphone.cli.CommandGroup;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.cli.ProgressLine;
import dev.wxphone.cli.Terminal;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.letters.LetterFilter;
import dev.wxphone.letters.LetterFilterOptions;
import dev.wxphone.letters.LimitOption;
import dev.wxphone.operator.TextStyle;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that show dead letters. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = {
      "Shows dead letters: how many there are and what would become of them now.",
      "Open are those that a replay can help (recovery replay) and nobody has replayed or parked."
          + " What would succeed is tried with the processor's own code against the session keys of"
          + " now, so give these commands the settings that the processor has."
    },
    synopsisSubcommandLabel = "stats|list|show",
    subcommands = {
      DeadLettersCommand.StatsCommand.class,
      DeadLettersCommand.ListCommand.class,
      DeadLettersCommand.ShowCommand.class
    })
public final class DeadLettersCommand extends CommandGroup {
  /** What the commands have in common. */
  static final class LetterOptions {
    @Mixin private final KafkaOptions kafka = new KafkaOptions();
    @Mixin private final Output output = new Output();

    /** Makes a report of the letters that are on the topic now. */
    interface Report {
      List<String> lines(DeadLetters letters, boolean json, TextStyle style);
    }

    int print(Report report) {
      TextStyle style = Terminal.style();
      List<String> lines;
      try (ProgressLine progress = new ProgressLine(output.commandLine());
          DeadLetters letters =
              DeadLetters.open(kafka.settings(), read -> progress.count("reading", read))) {
        lines = report.lines(letters, output.json(), style);
      }
      output.print(output.json() ? lines : lines.stream().map(style::printable).toList());
      return 0;
    }
  }

  /** Counts letters. */
  @Command(
      name = "stats",
      mixinStandardHelpOptions = true,
      description =
          "Counts letters by reason and by the hour in which they came: how many are open, were"
              + " replayed or parked, would succeed now, and are open and expire within a day.")
  static final class StatsCommand implements Callable<Integer> {
    @Mixin private final LetterOptions options = new LetterOptions();
    @Mixin private final LetterFilterOptions filters = new LetterFilterOptions();

    @Override
    public Integer call() {
      LetterFilter filter = filters.filter(false);
      return options.print(
          (letters, json, style) -> {
            LetterStats stats = new LetterStats(letters.topic(), System.currentTimeMillis());
            letters.assess(filter, stats::add);
            stats.setUnreadable(filter.isRestricted() ? 0 : letters.unreadable());
            return json
                ? LetterStatsReport.json(stats)
                : LetterStatsReport.text(stats, ZoneId.systemDefault(), style);
          });
    }
  }

  /** Lists letters. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Lists letters, the oldest first: those that are open; of the reasons or ids that are given,"
            + " all.",
        "The last column says what a replay would do now: succeeds, fails; or limit (tried too"
            + " often), no value (nothing to replay), replayed, parked."
      })
  static final class ListCommand implements Callable<Integer> {
    @Mixin private final LetterOptions options = new LetterOptions();
    @Mixin private final LetterFilterOptions filters = new LetterFilterOptions();
    @Mixin private final LimitOption limit = new LimitOption();

    @Option(names = "--all", description = "Also letters that a replay can't help.")
    private boolean all;

    @Option(names = "--again", description = "Also letters that were replayed or parked.")
    private boolean again;

    @Override
    public Integer call() {
      LetterFilter filter = filters.filter(false);
      return options.print(
          (letters, json, style) -> {
            LetterListReport list = new LetterListReport();
            letters.assess(
                filter,
                assessed -> {
                  if (isShown(assessed, filter)) {
                    list.add(assessed);
                  }
                });
            return json
                ? list.json(limit.limit())
                : list.text(ZoneId.systemDefault(), limit.limit(), style, none(filter));
          });
    }

    private String none(LetterFilter filter) {
      return filter.isRestricted() || all || again
          ? "no such letters"
          : "no open letters; --all and --again show others";
    }

    private boolean isShown(AssessedLetter assessed, LetterFilter filter) {
      boolean named = !filter.ids().isEmpty();
      boolean open = assessed.isHelpedByReplay() || all || !filter.reasons().isEmpty();
      return named || (open && (again || assessed.audit() == null));
    }
  }

  /** Shows one letter. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Shows all that is known of one letter: what happened, why, what to do, what"
              + " became of it.")
  static final class ShowCommand implements Callable<Integer> {
    @Mixin private final LetterOptions options = new LetterOptions();

    @Parameters(
        paramLabel = "ID",
        converter = LetterFilterOptions.IdConverter.class,
        description = "The letter, as partition@offset.")
    private @Nullable DeadLetterId id;

    @Override
    public Integer call() {
      DeadLetterId wanted = Objects.requireNonNull(id);
      return options.print(
          (letters, json, style) -> {
            List<AssessedLetter> found = new ArrayList<>();
            letters.assess(LetterFilter.of(Set.of(wanted)), found::add);
            AssessedLetter assessed = found.get(0);
            LetterReport report =
                new LetterReport(
                    assessed, letters.history(assessed.letter()), letters.topic(), Instant.now());
            return json ? List.of(report.json()) : report.text(ZoneId.systemDefault(), style);
          });
    }
  }
}
