package dev.wxphone.cli;

import dev.wxphone.operator.SafeText;
import dev.wxphone.operator.Suggestion;
import java.util.Collection;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Wrong command lines in one sentence each. */
final class UsageErrors {
  private UsageErrors() {}

  /** Returns a line that says what is wrong, what may have been meant, and where to read more. */
  static String describe(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    String what =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched, command)
            : withoutTypes(String.valueOf(e.getMessage()));
    return SafeText.escaped(what)
        + (what.endsWith("?") ? " see " : "; see ")
        + command.qualifiedName()
        + " --help";
  }

  private static String unmatched(UnmatchedArgumentException e, CommandSpec command) {
    String typed = e.getUnmatched().get(0);
    if (e.isUnknownOption()) {
      String option = typed.replaceFirst("(?s)=.*", "");
      return "%s has no option %s%s"
          .formatted(
              command.qualifiedName(),
              SafeText.shortened(option),
              didYouMean(option, command.optionsMap().keySet()));
    }
    String shown = typed.isBlank() ? SafeText.quoted(typed) : SafeText.shortened(typed);
    return command.subcommands().isEmpty()
        ? "the argument %s is one too many".formatted(shown)
        : "there is no command %s%s"
            .formatted(shown, didYouMean(typed, command.subcommands().keySet()));
  }

  private static String didYouMean(String typed, Collection<String> known) {
    return Suggestion.near(typed, known).map(": did you mean %s?"::formatted).orElse("");
  }

  /** Replaces the names of Java's types, which picocli uses. */
  private static String withoutTypes(String message) {
    return message
        .replaceFirst(" is not an? (int|long|short|byte)$", " is not a whole number")
        .replaceFirst(" is not a (double|float)$", " is not a number");
  }
}
