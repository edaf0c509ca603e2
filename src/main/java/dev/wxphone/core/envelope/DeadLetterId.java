package dev.wxphone.core.envelope;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a dead letter: its partition and offset on its topic, as text {@code partition@offset}
 * without leading zeros.
 */
public record DeadLetterId(int partition, long offset) implements Comparable<DeadLetterId> {
  private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,8})@(0|[1-9][0-9]{0,17})");
  private static final Comparator<DeadLetterId> ORDER =
      Comparator.comparingInt(DeadLetterId::partition).thenComparingLong(DeadLetterId::offset);

  /** Returns the id in a text, or null if the text is not an id. */
  public static @Nullable DeadLetterId parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? new DeadLetterId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)))
        : null;
  }

  @Override
  public int compareTo(DeadLetterId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
