package dev.wxphone.tools.deadletters;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.ProgressLine;
import dev.wxphone.cli.Terminal;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.letters.LetterFilter;
import dev.wxphone.letters.LetterFilterOptions;
import dev.wxphone.operator.TextStyle;
import java.io.PrintWriter;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what could not be answered with a profile, and what can be done. */
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
public final class DeadLettersCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "say stats, list or show");
  }

  /** What all three take. */
  static final class LetterOptions {
    @Mixin private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "JSON objects, one a line.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** What is done with the letters of now; returns the lines to print. */
    interface Work {
      List<String> with(DeadLetters letters, boolean json, TextStyle paint);
    }

    int print(Work work) {
      CommandSpec command = Objects.requireNonNull(spec);
      TextStyle paint = Terminal.paint();
      List<String> lines;
      try (ProgressLine progress = new ProgressLine(command);
          DeadLetters letters =
              DeadLetters.open(kafka.settings(), read -> progress.count("reading", read))) {
        lines = work.with(letters, json, paint);
      }
      PrintWriter out = command.commandLine().getOut();
      lines.forEach(line -> out.println(json ? line : paint.characters(line)));
      out.flush();
      return 0;
    }
  }

  /** Counts. */
  @Command(
      name = "stats",
      mixinStandardHelpOptions = true,
      description =
          "Counts letters by reason and by the hour in which they came: how many are open, were"
              + " replayed or parked, would succeed now, and are open and expire within a day.")
  static final class StatsCommand implements Callable<Integer> {
    @Mixin private final LetterOptions options = new LetterOptions();
    @Mixin private final LetterFilterOptions selected = new LetterFilterOptions();

    @Override
    public Integer call() {
      LetterFilter selection = selected.selection(false);
      return options.print(
          (letters, json, paint) -> {
            LetterStats stats = new LetterStats(letters.topic(), System.currentTimeMillis());
            letters.examine(selection, stats::add);
            stats.foreign(selection.isFilter() ? 0 : letters.foreign());
            return json ? stats.json() : stats.text(ZoneId.systemDefault(), paint);
          });
    }
  }

  /** Lists. */
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
    @Mixin private final LetterFilterOptions selected = new LetterFilterOptions();

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "Show so many at the most, the oldest.")
    private @Nullable Long limit;

    @Option(names = "--all", description = "Also letters that a replay can't help.")
    private boolean all;

    @Option(names = "--again", description = "Also letters that were replayed or parked.")
    private boolean again;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      if (limit != null && limit < 1) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(), "--limit takes 1 or more");
      }
      LetterFilter selection = selected.selection(false);
      long most = limit == null ? Long.MAX_VALUE : limit;
      return options.print(
          (letters, json, paint) -> {
            LetterListReport rows = new LetterListReport();
            letters.examine(
                selection,
                examined -> {
                  if (isShown(examined, selection)) {
                    rows.add(examined);
                  }
                });
            return json
                ? rows.json(most)
                : rows.text(ZoneId.systemDefault(), most, paint, none(selection));
          });
    }

    private String none(LetterFilter selection) {
      return selection.isFilter() || all || again
          ? "no such letters"
          : "no open letters; --all and --again show others";
    }

    private boolean isShown(AssessedLetter examined, LetterFilter selection) {
      boolean named = !selection.ids().isEmpty();
      boolean open = examined.isHelpedByReplay() || all || !selection.reasons().isEmpty();
      return named || (open && (again || examined.audit() == null));
    }
  }

  /** Shows one. */
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
        converter = LetterFilterOptions.Id.class,
        description = "The letter, as partition@offset.")
    private @Nullable DeadLetterId id;

    @Override
    public Integer call() {
      DeadLetterId wanted = Objects.requireNonNull(id);
      return options.print(
          (letters, json, paint) -> {
            List<AssessedLetter> found = new ArrayList<>();
            letters.examine(LetterFilter.of(Set.of(wanted)), found::add);
            AssessedLetter examined = found.get(0);
            LetterReport sheet =
                new LetterReport(
                    examined, letters.became(examined.letter()), letters.topic(), Instant.now());
            return json ? List.of(sheet.json()) : sheet.text(ZoneId.systemDefault(), paint);
          });
    }
  }
}
