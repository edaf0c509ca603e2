package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Reason;
import org.jspecify.annotations.Nullable;

/** The value of a {@code phone-payload} record, read: {@code e.detail} as the page got it. */
public sealed interface Payload {

  /**
   * A click that may be proven.
   *
   * @param appid the app that the payload names, or null
   */
  record Click(String encryptedData, String iv, @Nullable String appid) implements Payload {
    /** Ciphertext is nothing for logs. */
    @Override
    public String toString() {
      return "Click[appid=" + appid + "]";
    }
  }

  /**
   * No click, or one that brought nothing.
   *
   * @param detail one sentence for an operator
   */
  record Unusable(Reason reason, String detail) implements Payload {}
}
