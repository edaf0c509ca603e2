package dev.wxphone.core.domain;

import static dev.wxphone.core.domain.Recovery.CLICK_AGAIN;
import static dev.wxphone.core.domain.Recovery.NEVER;
import static dev.wxphone.core.domain.Recovery.REPLAY;

/** Why a record became a dead letter. Where two fit, the first in this order counts. */
public enum Reason {
  /** The record key is null, empty, over-long or not UTF-8. */
  INVALID_OPENID(NEVER),
  /** The record lies where the join can't see its session key. */
  WRONG_PARTITION(REPLAY),
  /** The value is no callback of the phone button. */
  MALFORMED_PAYLOAD(NEVER),
  /** The user denied or cancelled. */
  USER_DENIED(CLICK_AGAIN),
  /** WeChat refused the call itself. */
  WECHAT_REFUSED(NEVER),
  /** What should be the ciphertext or its iv can't be that. */
  MALFORMED_CIPHERTEXT(CLICK_AGAIN),
  /** No session key is known for the openid. */
  SESSION_KEY_MISSING(REPLAY),
  /** None of the known session keys decrypts it. */
  SESSION_KEY_STALE(REPLAY),
  /** A known session key decrypts all but the first block. */
  IV_MISMATCH(CLICK_AGAIN),
  /** It decrypts, but not to a phone number. */
  MALFORMED_PLAINTEXT(NEVER),
  /** It was made for another app. */
  APPID_MISMATCH(NEVER),
  /** The click is too old, or ahead of its record. */
  WATERMARK_EXPIRED(CLICK_AGAIN),
  /** The three numbers can't be one phone number. */
  INVALID_PHONE_NUMBER(NEVER),
  /** A newer profile was published, or the person was forgotten since. */
  SUPERSEDED(NEVER),
  /** A record of the session-key topic that brings no usable session key. */
  MALFORMED_SESSION_KEY(NEVER),
  /** An exception that nobody foresaw. */
  PROCESSING_FAILED(REPLAY);

  private final Recovery recovery;

  Reason(Recovery recovery) {
    this.recovery = recovery;
  }

  /** What can be done about it. */
  public Recovery recovery() {
    return recovery;
  }
}
