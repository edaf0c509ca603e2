package dev.wxphone.demo.simulator;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The share of visits that have each trouble; all other visits go well. */
public final class Troubles {
  private static final String ALL = "all";

  private final Map<Trouble, Double> percents;

  private Troubles(Map<Trouble, Double> percents) {
    this.percents = percents;
  }

  /** Returns all troubles, in shares that show each of them in some hundred visits. */
  public static Troubles usual() {
    Map<Trouble, Double> percents = new EnumMap<>(Trouble.class);
    for (Trouble trouble : Trouble.values()) {
      percents.put(trouble, trouble.usualPercent());
    }
    return new Troubles(percents);
  }

  /**
   * Returns the usual shares with these changes, made in this order.
   *
   * @param changes each {@code NAME=PERCENT}, where {@code all} stands for all troubles
   * @throws IllegalArgumentException if a change is malformed or the shares exceed 100 percent; its
   *     message is for the operator
   */
  public static Troubles usualWith(List<String> changes) {
    Map<Trouble, Double> percents = usual().percents;
    for (String change : changes) {
      String[] parts = change.split("=", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException(
            "'%s' is not NAME=PERCENT, as in late-login=50".formatted(change));
      }
      double percent = percent(parts[1]);
      for (Trouble trouble : named(parts[0].strip())) {
        percents.put(trouble, percent);
      }
    }
    double sum = percents.values().stream().mapToDouble(Double::doubleValue).sum();
    if (sum > 100) {
      throw new IllegalArgumentException(
          "the troubles come to %s %% of the visits, more than all; lower some, or begin with all=0"
              .formatted(text(sum)));
    }
    return new Troubles(percents);
  }

  private static List<Trouble> named(String name) {
    if (name.equals(ALL)) {
      return List.of(Trouble.values());
    }
    return List.of(
        Arrays.stream(Trouble.values())
            .filter(trouble -> trouble.optionName().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no trouble '%s'; there are all, %s".formatted(name, names()))));
  }

  private static double percent(String text) {
    try {
      double percent = Double.parseDouble(text.strip());
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException none) {
      // Reported below.
    }
    throw new IllegalArgumentException("'%s' is not a percentage from 0 to 100".formatted(text));
  }

  /** Returns the names of all troubles, as options take them. */
  private static String names() {
    return Arrays.stream(Trouble.values())
        .map(Trouble::optionName)
        .collect(Collectors.joining(", "));
  }

  /** Draws the trouble of a visit; empty if all goes well. */
  Optional<Trouble> draw(Random random) {
    double drawn = random.nextDouble() * 100;
    @Nullable Trouble found = null;
    for (Map.Entry<Trouble, Double> entry : percents.entrySet()) {
      drawn -= entry.getValue();
      if (drawn < 0) {
        found = entry.getKey();
        break;
      }
    }
    return Optional.ofNullable(found);
  }

  private static String text(double percent) {
    return percent == Math.rint(percent) ? "%d".formatted((long) percent) : "" + percent;
  }
}
