package dev.wxphone.demo.simulator;

import java.util.Locale;

/** What goes wrong with a visit, beside WeChat's own moods. */
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
  /** The backend mixes up the iv. */
  WRONG_IV(1),
  /** The user does not want. */
  DENIED(4),
  /** The app may not ask. */
  REFUSED(1),
  /** Half a JSON object. */
  CUT_JSON(1),
  /** A ciphertext that lost its end. */
  CUT_CIPHERTEXT(1),
  /** A wrong iv, and a click of last week besides. */
  WRONG_IV_OLD_CLICK(1),
  /** The user-info button's data on the phone button's topic. */
  USER_INFO(1),
  /** A payload that names another app than its click. */
  OTHER_APP(1),
  /** A click of last week. */
  OLD_CLICK(1),
  /** A number that is none. */
  NO_NUMBER(1),
  /** The backend forgets the record key. */
  NO_OPENID(1);

  private final double usualPercent;

  Trouble(double usualPercent) {
    this.usualPercent = usualPercent;
  }

  /** Of 100 visits, if nothing else is asked for. */
  public double usualPercent() {
    return usualPercent;
  }

  /** The name that options and the README use. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
