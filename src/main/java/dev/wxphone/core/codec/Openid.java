package dev.wxphone.core.codec;

/** What an openid is as a record's key. */
public final class Openid {
  private Openid() {}

  /** Whether the bytes are one: UTF-8, neither empty nor over-long. */
  public static boolean isOne(byte[] key) {
    return key.length > 0 && key.length <= InputLimits.KEY_BYTES && StrictUtf8.decode(key) != null;
  }
}
