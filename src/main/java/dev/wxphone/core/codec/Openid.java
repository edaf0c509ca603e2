package dev.wxphone.core.codec;

/** Checks openids. */
public final class Openid {
  private Openid() {}

  /** Returns whether a record key is an openid: 1 to 512 bytes of UTF-8. */
  public static boolean isOne(byte[] key) {
    return key.length > 0 && key.length <= InputLimits.KEY_BYTES && StrictUtf8.decode(key) != null;
  }
}
