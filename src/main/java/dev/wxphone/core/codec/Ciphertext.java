package dev.wxphone.core.codec;

import dev.wxphone.core.domain.Repair;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a click encrypted, decoded.
 *
 * @param data one or more whole blocks of 16 bytes
 * @param iv 16 bytes; null if there is no usable one
 * @param appid the payload's appid; null if it has none
 * @param repairs the repairs that were needed so far
 */
public record Ciphertext(
    byte[] data, byte @Nullable [] iv, @Nullable String appid, Set<Repair> repairs) {
  /** The length of a block, in bytes. */
  public static final int BLOCK = 16;

  /** Returns whether a number of bytes is that of one or more whole blocks. */
  public static boolean isWhole(int length) {
    return length > 0 && length % BLOCK == 0;
  }

  /** Shows no content. */
  @Override
  public String toString() {
    return "Ciphertext[appid=" + appid + "]";
  }
}
