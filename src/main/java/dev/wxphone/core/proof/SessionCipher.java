package dev.wxphone.core.proof;

import dev.wxphone.core.codec.Ciphertext;
import dev.wxphone.core.domain.SessionKey;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-128-CBC. The padding is checked here instead of by the JCE: a wrong key is expected and not
 * exceptional, and with a wrong iv the padding still indicates the key. Not thread-safe: it keeps a
 * cipher, since {@code Cipher.getInstance} costs more than a decryption.
 */
final class SessionCipher {
  private final Cipher cipher;

  SessionCipher() {
    try {
      cipher = Cipher.getInstance("AES/CBC/NoPadding");
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /**
   * Returns the plaintext with its padding.
   *
   * @param iv 16 bytes
   * @param ciphertext one or more whole blocks
   */
  byte[] decrypt(SessionKey key, byte[] iv, byte[] ciphertext) {
    try {
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key.revealBytes(), "AES"),
          new IvParameterSpec(iv));
      return cipher.doFinal(ciphertext);
    } catch (GeneralSecurityException lengthsAreChecked) {
      throw new IllegalStateException(lengthsAreChecked);
    }
  }

  /**
   * Returns the length without the PKCS#7 padding (RFC 5652 §6.3), or -1 if the padding is invalid.
   */
  static int unpaddedLength(byte[] padded) {
    int count = padded[padded.length - 1];
    if (count < 1 || count > Ciphertext.BLOCK) {
      return -1;
    }
    for (int i = padded.length - count; i < padded.length; i++) {
      if (padded[i] != count) {
        return -1;
      }
    }
    return padded.length - count;
  }
}
