package dev.wxphone.core.codec;

/** Decrypted bytes, read. */
public sealed interface Plaintext {

  /** An object with all fields of a phone number. */
  record Phone(PhoneClaim claim) implements Plaintext {}

  /** An object with a watermark but without all those fields, such as user info. */
  record Other(String appid) implements Plaintext {}

  /** Anything else, which WeChat does not encrypt. */
  record Noise() implements Plaintext {}
}
