package dev.wxphone.codec;

/** What decrypted bytes are. */
public sealed interface Plaintext {

  /** A phone number's fields, all there. */
  record Phone(PhoneClaim claim) implements Plaintext {}

  /** A text that someone wrote, but not those fields: user info, say. */
  record OtherText() implements Plaintext {}

  /** Nothing that anyone wrote. */
  record Noise() implements Plaintext {}
}
