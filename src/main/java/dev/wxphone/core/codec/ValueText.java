package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Repair;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON text in a received value, after the repairs of the value as a whole: a byte order mark,
 * a schema registry's prefix, and JSON in a JSON text. None of them can begin an object.
 *
 * @param text null if the bytes are not UTF-8
 */
record ValueText(@Nullable String text, Set<Repair> repairs) {
  private static final char MARK = '\uFEFF';
  private static final int MARK_BYTES = 3;

  /** A zero byte and the id of a schema. */
  private static final int PREFIX_BYTES = 5;

  /** Returns the text in a value. */
  static ValueText of(byte[] value) {
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    int begin = afterMark(value, 0, repairs);
    if (value.length - begin > PREFIX_BYTES && value[begin] == 0) {
      repairs.add(Repair.SCHEMA_REGISTRY_PREFIX);
      begin = afterMark(value, begin + PREFIX_BYTES, repairs);
    }
    String text = StrictUtf8.decode(value, begin, value.length - begin);
    String inner = text == null ? null : StrictJson.onlyText(text);
    if (inner == null) {
      return new ValueText(text, repairs);
    }
    repairs.add(Repair.ENCODED_TWICE);
    if (!inner.isEmpty() && inner.charAt(0) == MARK) {
      repairs.add(Repair.BYTE_ORDER_MARK);
      inner = inner.substring(1);
    }
    return new ValueText(inner, repairs);
  }

  private static int afterMark(byte[] value, int begin, Set<Repair> repairs) {
    if (value.length - begin < MARK_BYTES
        || value[begin] != (byte) 0xEF
        || value[begin + 1] != (byte) 0xBB
        || value[begin + 2] != (byte) 0xBF) {
      return begin;
    }
    repairs.add(Repair.BYTE_ORDER_MARK);
    return begin + MARK_BYTES;
  }

  /** Returns whether it is nothing at all, or the JSON text {@code null}. */
  boolean isNull() {
    if (text == null) {
      return false;
    }
    return text.isEmpty()
        ? !repairs.contains(Repair.ENCODED_TWICE)
        : StrictJson.strip(text).equals("null");
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "ValueText" + repairs;
  }
}
