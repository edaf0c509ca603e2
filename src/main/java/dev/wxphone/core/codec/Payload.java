package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Reason;
import org.jspecify.annotations.Nullable;

/** A value of {@code phone-payload}, read: {@code e.detail} as the page got it. */
public sealed interface Payload {

  /**
   * A click with a ciphertext.
   *
   * @param appid the payload's appid; null if it has none
   */
  record Click(String encryptedData, String iv, @Nullable String appid) implements Payload {
    /** Shows no ciphertext. */
    @Override
    public String toString() {
      return "Click[appid=" + appid + "]";
    }
  }

  /**
   * A value without a ciphertext.
   *
   * @param detail one sentence for an operator
   */
  record Unusable(Reason reason, String detail) implements Payload {}
}
