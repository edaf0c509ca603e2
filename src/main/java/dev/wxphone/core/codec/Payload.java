package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Repair;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value of {@code phone-payload}, read: {@code e.detail} as the page got it. */
public sealed interface Payload {

  /**
   * A click with a ciphertext.
   *
   * @param iv null if it is missing or no text
   * @param appid the payload's appid; null if it has none
   * @param repairs the repairs of the value as a whole
   */
  record Click(
      String encryptedData, @Nullable String iv, @Nullable String appid, Set<Repair> repairs)
      implements Payload {
    public Click {
      repairs = Set.copyOf(repairs);
    }

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

  /**
   * What a payload says beside its ciphertext.
   *
   * @param errno WeChat's number of what went wrong; null if there is none or it is 0
   * @param hasCode whether there is a code that can be exchanged at WeChat
   */
  record Extras(@Nullable Integer errno, boolean hasCode) {
    /** Of a value that is no payload. */
    static final Extras NONE = new Extras(null, false);
  }
}
