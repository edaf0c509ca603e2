package dev.wxphone.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Ratios and figures of several rounds, with their spread. */
final class Ratios {
  private Ratios() {}

  /** Returns the ratio of each round as text: the median, and the least and the largest. */
  static String text(List<Double> of, List<Double> to) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(of.size(), to.size()); round++) {
      ratios.add(of.get(round) / to.get(round));
    }
    return text(ratios);
  }

  /** Returns figures as text: the median, and the least and the largest. */
  static String text(List<Double> figures) {
    return String.format(
        Locale.ROOT,
        "median %.2f (%.2f to %.2f)",
        median(figures),
        Collections.min(figures),
        Collections.max(figures));
  }

  static double median(List<Double> figures) {
    return quantile(figures, 0.5);
  }

  /**
   * Returns a quantile; of an even number of figures, the median is the mean of both in the middle.
   */
  static double quantile(List<Double> figures, double quantile) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    int size = sorted.size();
    if (quantile == 0.5 && size % 2 == 0) {
      return (sorted.get(size / 2 - 1) + sorted.get(size / 2)) / 2;
    }
    return sorted.get((int) Math.min(size - 1, size * quantile));
  }
}
