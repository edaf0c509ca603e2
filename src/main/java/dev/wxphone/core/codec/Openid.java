package dev.wxphone.core.codec;

import org.jspecify.annotations.Nullable;

/** Checks openids: 1 to 512 letters, digits, {@code _} and {@code -}, in ASCII. */
public final class Openid {
  /** A zero byte and the id of a schema. */
  private static final int SCHEMA_REGISTRY_PREFIX_BYTES = 5;

  /** By ASCII. A table, since every character of every key is asked. */
  private static final boolean[] ALLOWED = new boolean[128];

  static {
    for (int c = 0; c < ALLOWED.length; c++) {
      ALLOWED[c] = Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }
  }

  private Openid() {}

  /** Returns whether a record key is an openid. */
  public static boolean isOne(byte[] key) {
    return key.length > 0
        && key.length <= InputLimits.KEY_BYTES
        && firstForeign(key, 0) == key.length;
  }

  /**
   * Returns what is wrong with a key that is no openid, to be read after "The record key": of its
   * content at most one character.
   */
  public static String flaw(byte @Nullable [] key) {
    if (key == null) {
      return "is null";
    }
    if (key.length == 0) {
      return "is empty";
    }
    if (key.length > InputLimits.KEY_BYTES) {
      return "is longer than " + InputLimits.KEY_BYTES + " bytes";
    }
    int last = key.length - 1;
    if (key[0] == 0
        && last >= SCHEMA_REGISTRY_PREFIX_BYTES
        && firstForeign(key, SCHEMA_REGISTRY_PREFIX_BYTES) > last) {
      return "begins with the five bytes that a schema registry's serializer puts there";
    }
    if (key[0] == '"') {
      return last > 0 && key[last] == '"'
          ? "stands in JSON quotes"
          : "begins with a quotation mark";
    }
    if (key[0] == '{' || key[0] == '[') {
      return "is JSON and not a plain text";
    }
    int foreign = firstForeign(key, 0);
    return foreign > last ? "is an openid" : flawOf(key, foreign);
  }

  private static String flawOf(byte[] key, int at) {
    byte foreign = key[at];
    if (foreign < 0) {
      return StrictUtf8.decode(key) == null ? "is not UTF-8" : "has a character outside of ASCII";
    }
    return switch (foreign) {
      case ' ' -> "has a blank";
      case '\t' -> "has a tab";
      case '\n', '\r' -> "has a line break";
      case '.' -> "has a dot";
      default ->
          foreign < ' ' || foreign == 0x7F
              ? "has a control byte, as serializers of numbers and objects write it"
              : "has the character " + (char) foreign;
    };
  }

  /** Returns where the first byte is that no openid has, or the length. */
  private static int firstForeign(byte[] key, int begin) {
    int at = begin;
    while (at < key.length && isAllowed(key[at])) {
      at++;
    }
    return at;
  }

  private static boolean isAllowed(byte b) {
    return b >= 0 && ALLOWED[b];
  }
}
