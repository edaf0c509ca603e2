package dev.wxphone.core.books;

import dev.wxphone.core.domain.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The books as lines for a person. */
public final class BooksReport {
  private BooksReport() {}

  /** Payloads in, profiles and dead letters out. */
  public static List<String> text(Books books) {
    List<String> lines = new ArrayList<>();
    lines.add(row("payloads in", books.payloads() - books.rerouted(), ""));
    lines.add(row("profiles", books.profiles(), ""));
    lines.add(row("dead letters", books.allDeadLetters(), ""));
    books
        .deadLetters()
        .forEach((reason, count) -> lines.add(row("  " + reason, count, recovery(reason))));
    if (books.unknownReasons() > 0) {
      lines.add(row("  of unknown reasons", books.unknownReasons(), ""));
    }
    if (books.forged() > 0) {
      lines.add(
          row("headers not believed", books.forged(), "name a payload that was not sent on so"));
    }
    return lines;
  }

  /** Whether they balance, in a sentence, and what is wrong where they don't. */
  public static String verdict(Books books) {
    return books.balance()
        ? "The books balance: every payload has exactly one answer."
        : "The books do not balance: %d unanswered, %d answered twice, %d answers to nothing; see %s"
            .formatted(books.unanswered(), books.twice(), books.strange(), books.example());
  }

  /** A line of the books. */
  public static String row(String name, long count, String note) {
    return String.format(Locale.ROOT, "  %-34s %,9d  %s", name, count, note).stripTrailing();
  }

  private static String recovery(Reason reason) {
    return reason.recovery().text();
  }
}
