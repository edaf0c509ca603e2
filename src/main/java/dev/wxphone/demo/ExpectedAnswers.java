package dev.wxphone.demo;

import dev.wxphone.core.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of the traffic beside what was to come of it.
 *
 * @param holds false where they differ; true also where nobody can know what was to come
 * @param lines what there is to say of it; none where they are the same
 */
record ExpectedAnswers(boolean holds, List<String> lines) {
  /**
   * Compares, where the settings let it.
   *
   * @param books that balance
   * @param played payloads that were published
   * @param letters how many of them were to become dead letters; the others, profiles
   */
  static ExpectedAnswers of(
      Settings settings, Books books, long played, Map<Reason, Long> letters) {
    List<String> lostTo = Foresight.lostTo(settings);
    if (!lostTo.isEmpty()) {
      return new ExpectedAnswers(
          true,
          List.of(
              "Reasons not compared, as settings are not the demo's: "
                  + String.join(", ", lostTo)));
    }
    List<String> rows = rows(books, played, letters);
    if (rows.isEmpty()) {
      return new ExpectedAnswers(true, List.of());
    }
    List<String> lines = new ArrayList<>();
    lines.add("But not every answer is the one that was played:");
    lines.addAll(rows);
    return new ExpectedAnswers(false, lines);
  }

  private static List<String> rows(Books books, long played, Map<Reason, Long> letters) {
    List<String> rows = new ArrayList<>();
    long toBeLetters = letters.values().stream().mapToLong(Long::longValue).sum();
    addWhereOther(rows, "profiles", books.profiles(), played - toBeLetters);
    for (Reason reason : Reason.values()) {
      addWhereOther(
          rows,
          reason.name(),
          books.deadLetters().getOrDefault(reason, 0L),
          letters.getOrDefault(reason, 0L));
    }
    return rows;
  }

  private static void addWhereOther(List<String> rows, String name, long came, long wasToCome) {
    if (came != wasToCome) {
      rows.add(String.format(Locale.ROOT, "  %-21s %,10d, not %,d", name, came, wasToCome));
    }
  }
}
