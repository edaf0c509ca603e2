package dev.wxphone.core.codec;

/** The limits on received records. */
public final class InputLimits {
  /** The size of a value, in bytes. */
  public static final int VALUE_BYTES = 64 * 1024;

  /** The size of all header names and values together, in bytes. */
  public static final int HEADER_BYTES = 32 * 1024;

  /** The number of headers. */
  public static final int HEADERS = 100;

  /** The size of a key, in bytes. */
  public static final int KEY_BYTES = 512;

  /** The length of an appid or a unionid, in characters; WeChat's have 18 and 28. */
  public static final int ID_CHARACTERS = 128;

  /** The length of {@code errMsg} that is read, in characters. */
  static final int ERR_MSG_CHARACTERS = 1024;

  /** The depth of nesting in JSON. */
  static final int JSON_DEPTH = 16;

  private InputLimits() {}
}
