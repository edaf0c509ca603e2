package dev.wxphone.books;

import dev.wxphone.operator.TextStyle;
import dev.wxphone.operator.TextTable;
import java.util.List;

/** The books in lines of text. */
public final class BooksReport {
  private static final String FORMAT = "  %-34s %9s  %s";

  private BooksReport() {}

  /** Returns payloads in, profiles and dead letters out, a line each. */
  public static List<String> text(Books books) {
    TextTable table = new TextTable(TextStyle.NONE, FORMAT);
    table.row("payloads in", books.payloads() - books.rerouted(), "");
    table.row("profiles", books.profiles(), "");
    table.row("dead letters", books.allDeadLetters(), "");
    books
        .deadLetters()
        .forEach((reason, count) -> table.row("  " + reason, count, reason.recovery().text()));
    if (books.unknownReasons() > 0) {
      table.row("  of unknown reasons", books.unknownReasons(), "");
    }
    if (books.forged() > 0) {
      table.row("headers not believed", books.forged(), "name a payload that was not sent on so");
    }
    return table.lines();
  }

  /** Returns a sentence that says whether the books balance and, if not, what is wrong. */
  public static String verdict(Books books) {
    return books.balance()
        ? "The books balance: every payload has exactly one answer."
        : "The books do not balance: %d unanswered, %d answered twice, %d answers to nothing; see %s"
            .formatted(books.unanswered(), books.twice(), books.strange(), books.example());
  }

  /** Returns a line in the columns of {@link #text}. */
  public static String row(String name, long count) {
    return new TextTable(TextStyle.NONE, FORMAT).row(name, count, "").lines().get(0);
  }
}
