package dev.wxphone.core.proof;

/**
 * The details of the proof's reasons: what is wrong, and what to do. Constants, so that they quote
 * no input.
 */
final class ProofDetails {
  static final String DATA_NOT_BASE64 =
      "encryptedData is not base64, even after repair; see that the backend publishes it as the"
          + " page got it, and ask the user to click again.";
  static final String NOT_WHOLE_BLOCKS =
      "encryptedData is empty or no whole number of 16-byte blocks, so it was cut or altered on its"
          + " way; ask the user to click again.";
  static final String IV_UNUSABLE =
      "iv is missing or not base64 of 16 bytes, even after repair, and no known session key decrypts without it; see that the backend"
          + " publishes iv as the page got it, and ask the user to click again.";
  static final String KEY_MISSING =
      "No session key is known for this openid; publish the login (code2session) and replay.";
  static final String KEY_STALE =
      "None of the known session keys decrypts it; replay once the login is published; codes live 5"
          + " minutes, so later than that ask for a new click.";
  static final String UNTRIED =
      "As many payloads of this openid as wxphone.session.failures allows were stale within a day, so"
          + " this one was not tried; a new session key lifts that, or a day: replay it then.";
  static final String WRONG_IV =
      "A known session key decrypts all but the first block, so iv is not the one of this"
          + " encryptedData; publish both of one click together, and ask the user to click again.";
  static final String NO_PHONE =
      "It decrypts to an object of WeChat's, but not to a phone number; see that the backend publishes what the phone button"
          + " gave, and not user info or anything else.";
  static final String NOT_APP_OF_KEY =
      "The watermark names another app than the session key's record; see which app's login and"
          + " click the backend puts together.";
  static final String NOT_OUR_APP =
      "The watermark names an app that is not in wxphone.appids; add it there if it is ours.";
  static final String NOT_APP_OF_PAYLOAD =
      "The watermark names another app than the payload's appid; see that the backend names the"
          + " app of the click.";
  static final String CLICK_TOO_OLD =
      "The click lies further before its record than wxphone.watermark.max-age; ask the user to"
          + " click again.";
  static final String CLICK_AHEAD =
      "The click lies more than 5 minutes after its record's timestamp; see that the backend's clock"
          + " is right, and ask the user to click again.";
  static final String RECORD_TIME_WRONG =
      "The record's timestamp is wrong, as it lies before 2011 and the click after; see that the"
          + " backend gives milliseconds since 1970, or none, and ask the user to click again.";
  static final String NO_NUMBER =
      "countryCode, purePhoneNumber and phoneNumber can't be one phone number; nothing can be done"
          + " with it.";
  static final String NEWER_PROFILE =
      "A profile of a later click has been published for this openid; there is nothing to do.";
  static final String FORGOTTEN =
      "The person was forgotten after this click; there is nothing to do.";

  private ProofDetails() {}
}
