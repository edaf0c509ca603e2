package dev.wxphone.demo.simulator;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many of 100 visits have which trouble; the rest goes well. */
public final class Troubles {
  private static final String ALL = "all";

  private final Map<Trouble, Double> percents;

  private Troubles(Map<Trouble, Double> percents) {
    this.percents = percents;
  }

  /** All of them, in shares that show them all in some hundred visits. */
  public static Troubles usual() {
    Map<Trouble, Double> percents = new EnumMap<>(Trouble.class);
    for (Trouble trouble : Trouble.values()) {
      percents.put(trouble, trouble.usualPercent());
    }
    return new Troubles(percents);
  }

  /**
   * The usual ones with these changes, made in this order.
   *
   * @param changes each {@code NAME=PERCENT}, where {@code all} stands for all of them
   * @throws IllegalArgumentException whose message tells a person what is wrong
   */
  public static Troubles usualBut(List<String> changes) {
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
      // Told below.
    }
    throw new IllegalArgumentException("'%s' is not a percentage from 0 to 100".formatted(text));
  }

  /** The names of all, as options take them. */
  public static String names() {
    return Arrays.stream(Trouble.values())
        .map(Trouble::optionName)
        .collect(Collectors.joining(", "));
  }

  /** What a visit's trouble is; empty where all goes well. */
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

  static String text(double percent) {
    return percent == Math.rint(percent) ? "%d".formatted((long) percent) : "" + percent;
  }
}
