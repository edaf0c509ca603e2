package dev.wxphone.core.codec;

/** What decrypted bytes are. */
public sealed interface Plaintext {

  /** A phone number's fields, all there. */
  record Phone(PhoneClaim claim) implements Plaintext {}

  /** One strict JSON object with the watermark of an app, but not those fields: user info, say. */
  record Other(String appid) implements Plaintext {}

  /** Anything else: nothing that WeChat makes. */
  record Noise() implements Plaintext {}
}
