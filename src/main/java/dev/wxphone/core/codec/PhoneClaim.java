package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Watermark;

/**
 * What a decrypted plaintext claims, not yet checked.
 *
 * @param countryCode text, or a number's digits as they were written
 */
public record PhoneClaim(
    String phoneNumber, String purePhoneNumber, String countryCode, Watermark watermark) {
  /** Shows no number. */
  @Override
  public String toString() {
    return "PhoneClaim[****]";
  }
}
