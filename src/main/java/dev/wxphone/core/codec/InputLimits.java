package dev.wxphone.core.codec;

/** How large a received record may be; a larger one is refused. */
public final class InputLimits {
  /** Bytes of a value. */
  public static final int VALUE_BYTES = 64 * 1024;

  /** Bytes of all header names and values together. */
  public static final int HEADER_BYTES = 32 * 1024;

  /** Bytes of a key, so of an openid. */
  public static final int KEY_BYTES = 512;

  /** Characters of an appid or a unionid; WeChat's have 18 and 28. */
  public static final int ID_CHARACTERS = 128;

  /** Levels of nesting in JSON. */
  static final int JSON_DEPTH = 16;

  private InputLimits() {}
}
