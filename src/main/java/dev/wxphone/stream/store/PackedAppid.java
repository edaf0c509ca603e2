package dev.wxphone.stream.store;

import java.util.HexFormat;

/**
 * An appid as WeChat makes them, {@code wx} and 16 hexadecimal digits in lower case, in 8 bytes.
 */
final class PackedAppid {
  /** In bytes. */
  static final int LENGTH = 8;

  private static final String PREFIX = "wx";
  private static final HexFormat HEX = HexFormat.of();

  private PackedAppid() {}

  /** Returns whether the text can be packed. */
  static boolean fits(String text) {
    if (text.length() != PREFIX.length() + 2 * LENGTH || !text.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  static byte[] pack(String appid) {
    return HEX.parseHex(appid, PREFIX.length(), appid.length());
  }

  static String unpack(byte[] packed) {
    return PREFIX + HEX.formatHex(packed);
  }
}
