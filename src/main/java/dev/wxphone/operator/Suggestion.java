package dev.wxphone.operator;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that an unknown one is most likely a slip for. */
public final class Suggestion {
  private Suggestion() {}

  /** Returns the known word with the fewest letters inserted or deleted; empty if none is known. */
  public static Optional<String> nearest(String typed, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(word -> distance(typed, word)));
  }

  /** Returns the nearest word, or empty if more than a quarter of the letters of both differ. */
  public static Optional<String> near(String typed, Collection<String> known) {
    return nearest(typed, known)
        .filter(word -> distance(typed, word) * 4 <= typed.length() + word.length());
  }

  // Insertions and deletions only, no substitutions: a key with a word left out is a likelier slip
  // than one of the same length in which every letter is wrong.
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int distance = same ? diagonal : 1 + Math.min(row[j], row[j - 1]);
        diagonal = row[j];
        row[j] = distance;
      }
    }
    return row[to.length()];
  }
}
