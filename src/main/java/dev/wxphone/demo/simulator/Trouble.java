package dev.wxphone.demo.simulator;

import java.util.Locale;

/** What goes wrong with a visit, beside sessions that WeChat replaces. */
public enum Trouble {
  /** The backend publishes the login only after the click. */
  LATE_LOGIN(18),
  /** The page calls {@code wx.login} once more in the click's callback, as many pages do. */
  LOGIN_IN_CALLBACK(15),
  /** The backend holds the click back until the user has logged in twice more. */
  LATE_CLICK(4),
  /** The login is never published. */
  LOST_LOGIN(3),
  /** A backend that retries publishes login and click twice. */
  TWICE(2),
  /** Of two clicks the backend publishes the second first. */
  OUT_OF_ORDER(1),
  /** The login goes through a client with another partitioner. */
  MISPLACED_LOGIN(3),
  /** The click goes through a client with another partitioner. */
  MISPLACED_CLICK(3),
  /** The backend takes each {@code +} for a space. */
  SPACE_FOR_PLUS(3),
  /** The backend's serializer puts something around the JSON. */
  WRAPPED_VALUE(1),
  /** The backend mixes up the iv. */
  WRONG_IV(1),
  /** The user declines. */
  DENIED(4),
  /** WeChat refuses the app. */
  REFUSED(1),
  /** The user declines the privacy pop-up. */
  PRIVACY_DECLINED(1),
  /** The user has no phone number bound in WeChat. */
  PHONE_NOT_BOUND(1),
  /** The page gets a code and no ciphertext. */
  CODE_ONLY(1),
  /** Before a user's first login the backend publishes a logout as the JSON text null. */
  NULL_LOGOUT(1),
  /** The backend's client puts the record key into JSON quotes. */
  QUOTED_KEY(1),
  /** The payload is half a JSON object. */
  CUT_JSON(1),
  /** The ciphertext has lost its end. */
  CUT_CIPHERTEXT(1),
  /** The iv is wrong, and the click is of last week. */
  WRONG_IV_OLD_CLICK(1),
  /** The payload is of the user-info button. */
  USER_INFO(1),
  /** The payload names another app than its click. */
  OTHER_APP(1),
  /** The click is of last week. */
  OLD_CLICK(1),
  /** The number is not a phone number. */
  NO_NUMBER(1),
  /** The backend forgets the record key. */
  NO_OPENID(1);

  private final double usualPercent;

  Trouble(double usualPercent) {
    this.usualPercent = usualPercent;
  }

  /** Returns how many of 100 visits have it by default. */
  public double usualPercent() {
    return usualPercent;
  }

  /** Returns the name in options and documentation. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns whether its visit has two payloads instead of one. */
  boolean hasTwoPayloads() {
    return this == TWICE || this == OUT_OF_ORDER;
  }
}
