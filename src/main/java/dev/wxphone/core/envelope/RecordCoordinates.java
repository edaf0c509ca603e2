package dev.wxphone.core.envelope;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The coordinates of a record, as text {@code topic-partition@offset}. */
public record RecordCoordinates(String topic, int partition, long offset) {
  private static final Pattern TEXT =
      Pattern.compile("([a-zA-Z0-9._-]{1,249})-([0-9]{1,9})@([0-9]{1,18})");

  /** Returns the coordinates in a text, or null if there are none. */
  public static @Nullable RecordCoordinates parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? new RecordCoordinates(
            parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)))
        : null;
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
