package dev.wxphone.demo;

import static dev.wxphone.domain.Reason.APPID_MISMATCH;
import static dev.wxphone.domain.Reason.INVALID_OPENID;
import static dev.wxphone.domain.Reason.INVALID_PHONE_NUMBER;
import static dev.wxphone.domain.Reason.IV_MISMATCH;
import static dev.wxphone.domain.Reason.MALFORMED_CIPHERTEXT;
import static dev.wxphone.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.domain.Reason.MALFORMED_PLAINTEXT;
import static dev.wxphone.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.domain.Reason.SUPERSEDED;
import static dev.wxphone.domain.Reason.USER_DENIED;
import static dev.wxphone.domain.Reason.WATERMARK_EXPIRED;
import static dev.wxphone.domain.Reason.WECHAT_REFUSED;

import dev.wxphone.domain.Reason;
import org.jspecify.annotations.Nullable;

/** What happens to one user's click on its way. */
enum Scenario {
  /** The login is published, then the click. */
  PLAIN(56, null),
  /** A first login is published only after the click. */
  KEY_BEHIND_NONE_THERE(6, null),
  /** A new login is published only after the click; an older one is there. */
  KEY_BEHIND_OLDER_THERE(6, null),
  /** A {@code wx.login} in the callback: a newer key is there than the one of the click. */
  KEY_AHEAD(6, null),
  /** Two newer keys are there than the one of the click. */
  KEY_AHEAD_BY_TWO(2, null),
  /** The login is never published. */
  KEY_LOST_NONE_THERE(1, SESSION_KEY_MISSING),
  /** The login is never published; an older one is there. */
  KEY_LOST_OLDER_THERE(1, SESSION_KEY_STALE),
  /** The backend took each {@code +} for a space. */
  PLUS_LOST(3, null),
  /** The backend mixed up the iv. */
  WRONG_IV(1, null),
  /** The click went through a client with another partitioner. */
  PAYLOAD_MISPLACED(2, null),
  /** The login went through a client with another partitioner. */
  SESSION_KEY_MISPLACED(2, null),
  /** A backend that retries: the click is published twice, and both are answered. */
  TWICE(2, null),
  /** An older click is published after a newer one. */
  OUT_OF_ORDER(1, SUPERSEDED),
  /** The user does not want. */
  DENIED(4, USER_DENIED),
  /** The app may not ask. */
  REFUSED(1, WECHAT_REFUSED),
  /** Half a JSON object. */
  CUT_JSON(1, MALFORMED_PAYLOAD),
  /** A ciphertext that lost its end. */
  CUT_CIPHERTEXT(1, MALFORMED_CIPHERTEXT),
  /** Wrong iv, and too old besides. */
  WRONG_IV_AND_OLD(1, IV_MISMATCH),
  /** The user-info button's data on the phone button's topic. */
  USER_INFO(1, MALFORMED_PLAINTEXT),
  /** A click of another app. */
  OTHER_APP(1, APPID_MISMATCH),
  /** A click of last week. */
  OLD_CLICK(1, WATERMARK_EXPIRED),
  /** A number that is none. */
  NO_NUMBER(1, INVALID_PHONE_NUMBER),
  /** The backend forgot the record key. */
  NO_OPENID(1, INVALID_OPENID);

  private final int share;
  private final @Nullable Reason reason;

  Scenario(int share, @Nullable Reason reason) {
    this.share = share;
    this.reason = reason;
  }

  /** How often it happens, among all shares. */
  int share() {
    return share;
  }

  /** What the answer is; null for a profile. Out of order it is that of the older click. */
  @Nullable Reason reason() {
    return reason;
  }
}
