package dev.wxphone.core.domain;

import static dev.wxphone.core.domain.Recovery.CLICK_AGAIN;
import static dev.wxphone.core.domain.Recovery.NEVER;
import static dev.wxphone.core.domain.Recovery.REPLAY;

/** Why a record became a dead letter. If several apply, the first in this order counts. */
public enum Reason {
  /** The record key is null, empty, over-long or has a character that no openid has. */
  INVALID_OPENID(NEVER),
  /** The record is in a partition other than that of its openid. */
  WRONG_PARTITION(REPLAY),
  /** The value is not a callback of the phone button. */
  MALFORMED_PAYLOAD(NEVER),
  /** The user denied, cancelled, declined the privacy pop-up or let the dialog time out. */
  USER_DENIED(CLICK_AGAIN),
  /** The user has no phone number bound in WeChat, or has to verify it there first. */
  PHONE_NOT_BOUND(CLICK_AGAIN),
  /** WeChat refused the app. */
  WECHAT_REFUSED(NEVER),
  /** The page gave a code and no ciphertext. */
  CODE_ONLY(NEVER),
  /** The ciphertext or its iv has an impossible form. */
  MALFORMED_CIPHERTEXT(CLICK_AGAIN),
  /** No session key is known for the openid. */
  SESSION_KEY_MISSING(REPLAY),
  /** None of the known session keys decrypts it. */
  SESSION_KEY_STALE(REPLAY),
  /** A known session key decrypts all blocks but the first. */
  IV_MISMATCH(CLICK_AGAIN),
  /** The plaintext is not that of a phone number. */
  MALFORMED_PLAINTEXT(NEVER),
  /** The watermark names another app. */
  APPID_MISMATCH(NEVER),
  /** The click is too old, or later than its record. */
  WATERMARK_EXPIRED(CLICK_AGAIN),
  /** The three numbers are not one phone number. */
  INVALID_PHONE_NUMBER(NEVER),
  /** A newer profile was published or the person was forgotten since. */
  SUPERSEDED(NEVER),
  /** The record of {@code session-key} has no usable session key. */
  MALFORMED_SESSION_KEY(NEVER),
  /** An unexpected exception. */
  PROCESSING_FAILED(REPLAY);

  private final Recovery recovery;

  Reason(Recovery recovery) {
    this.recovery = recovery;
  }

  /** Returns what can turn the dead letter into a profile. */
  public Recovery recovery() {
    return recovery;
  }
}
