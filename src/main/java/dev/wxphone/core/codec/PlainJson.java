package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Scans JSON of the plainest kind, straight from its bytes: one object of texts, whole numbers and
 * objects of these, in ASCII without escapes. Nearly every payload and plaintext is like that, and
 * a parser, with the text that it needs and its names of fields, takes several times as long.
 *
 * <p>It only ever says that bytes are plain, never that they are no JSON: {@link StrictJson}
 * decides on all others. What it reads it reads as that does, which a differential test holds it
 * to.
 *
 * <p>Not thread-safe, since it keeps its arrays for the next scan. Fields are given by their index,
 * and hold until then.
 */
final class PlainJson {
  /** The index of a field that is not there. */
  static final int NONE = -1;

  /** More fields are not plain. */
  private static final int FIELDS = 16;

  /** More digits are not plain; so many fit a {@code long}. */
  private static final int DIGITS = 15;

  private enum Kind {
    TEXT,
    NUMBER,
    OBJECT
  }

  private final int[] nameBegin = new int[FIELDS];
  private final int[] nameEnd = new int[FIELDS];
  private final int[] valueBegin = new int[FIELDS];
  private final int[] valueEnd = new int[FIELDS];
  private final Kind[] kind = new Kind[FIELDS];

  /** The field whose object a field is in; {@link #NONE} of the outermost one. */
  private final int[] owner = new int[FIELDS];

  private byte[] bytes = new byte[0];
  private int end;
  private int position;
  private int count;

  /** Returns the name of a field, as {@link #find} takes it. */
  static byte[] name(String name) {
    return name.getBytes(US_ASCII);
  }

  /** Scans the first {@code length} bytes and returns whether they are plain. */
  boolean scan(byte[] source, int length) {
    bytes = source;
    end = length;
    position = 0;
    count = 0;
    if (!object(NONE)) {
      return false;
    }
    skipBlanks();
    return position == end;
  }

  /**
   * Returns the field of a name, or {@link #NONE}.
   *
   * @param object the field whose value is the object; {@link #NONE} for the outermost one
   */
  int find(int object, byte[] name) {
    for (int field = 0; field < count; field++) {
      if (owner[field] == object
          && Arrays.equals(bytes, nameBegin[field], nameEnd[field], name, 0, name.length)) {
        return field;
      }
    }
    return NONE;
  }

  /** Returns whether a field is there and a text. */
  boolean isText(int field) {
    return field != NONE && kind[field] == Kind.TEXT;
  }

  /** Returns whether a field is there and a whole number from 0 on. */
  boolean isNumber(int field) {
    return field != NONE && kind[field] == Kind.NUMBER;
  }

  /** Returns whether a field is there and an object. */
  boolean isObject(int field) {
    return field != NONE && kind[field] == Kind.OBJECT;
  }

  /** Returns whether a text or a number is written so. */
  boolean isWritten(int field, byte[] as) {
    return Arrays.equals(bytes, valueBegin[field], valueEnd[field], as, 0, as.length);
  }

  /** Returns whether two texts or numbers are written alike. */
  boolean isSame(int field, int other) {
    return Arrays.equals(
        bytes, valueBegin[field], valueEnd[field], bytes, valueBegin[other], valueEnd[other]);
  }

  /** Returns a text, or a number as it is written. */
  String text(int field) {
    return new String(bytes, valueBegin[field], valueEnd[field] - valueBegin[field], ISO_8859_1);
  }

  /** Returns where the value of a text or a number begins. */
  int begin(int field) {
    return valueBegin[field];
  }

  /** Returns where the value of a text or a number ends. */
  int end(int field) {
    return valueEnd[field];
  }

  private boolean object(int in) {
    if (!take('{')) {
      return false;
    }
    if (take('}')) {
      return true;
    }
    do {
      if (!field(in)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private boolean field(int in) {
    if (count == FIELDS || !take('"')) {
      return false;
    }
    int field = count;
    int begin = position;
    if (!text()) {
      return false;
    }
    nameBegin[field] = begin;
    nameEnd[field] = position - 1;
    owner[field] = in;
    if (isRepeated(field)) {
      return false;
    }
    count++;
    return take(':') && value(field, in);
  }

  private boolean value(int field, int in) {
    if (take('"')) {
      kind[field] = Kind.TEXT;
      valueBegin[field] = position;
      boolean plain = text();
      valueEnd[field] = position - 1;
      return plain;
    }
    if (position < end && isDigit(bytes[position])) {
      kind[field] = Kind.NUMBER;
      valueBegin[field] = position;
      boolean plain = number();
      valueEnd[field] = position;
      return plain;
    }
    kind[field] = Kind.OBJECT;
    return in == NONE && object(field);
  }

  /** Passes a text behind its first quotation mark, and returns whether it is plain. */
  private boolean text() {
    // In variables, since the JVM would write a field for each byte.
    byte[] source = bytes;
    int at = position;
    while (at < end) {
      byte b = source[at++];
      if (b == '"') {
        position = at;
        return true;
      }
      // Bytes outside of ASCII are negative.
      if (b < ' ' || b == '\\') {
        return false;
      }
    }
    return false;
  }

  /** Passes a number, and returns whether it is plain, so without a leading zero. */
  private boolean number() {
    int begin = position;
    while (position < end && isDigit(bytes[position])) {
      position++;
    }
    int digits = position - begin;
    return digits <= DIGITS && (digits == 1 || bytes[begin] != '0');
  }

  /** Returns whether a field of the same object before this one has its name. */
  private boolean isRepeated(int field) {
    for (int before = 0; before < field; before++) {
      if (owner[before] == owner[field]
          && Arrays.equals(
              bytes, nameBegin[before], nameEnd[before], bytes, nameBegin[field], nameEnd[field])) {
        return true;
      }
    }
    return false;
  }

  /** Passes blanks and a character, and returns whether it is there. */
  private boolean take(char c) {
    skipBlanks();
    if (position < end && bytes[position] == c) {
      position++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (position < end && StrictJson.isBlank((char) bytes[position])) {
      position++;
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
