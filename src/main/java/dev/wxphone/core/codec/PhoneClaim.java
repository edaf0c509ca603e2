package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Watermark;

/**
 * The fields of a decrypted plaintext, not yet checked.
 *
 * @param countryCode a text, or the digits of a number as written
 */
public record PhoneClaim(
    String phoneNumber, String purePhoneNumber, String countryCode, Watermark watermark) {
  /** Shows no number. */
  @Override
  public String toString() {
    return "PhoneClaim[****]";
  }
}
