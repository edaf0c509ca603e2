package dev.wxphone.core.proof;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.wxphone.core.codec.PhoneClaim;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the three numbers of a claim are one phone number, and enriches it. WeChat has
 * verified the number, so one that libphonenumber does not know is not refused.
 */
final class PhoneNumbers {
  private static final int E164_DIGITS = 15;
  private static final String NON_GEOGRAPHIC = "001";

  private static final String CHINA = "86";
  private static final int CHINESE_DIGITS = 11;

  /**
   * What libphonenumber says of a mainland number of eleven digits that begins with 1, as nearly
   * all are, by the four digits after it; null until it was asked. Its patterns would take as long
   * as the decryption, and none looks further: a test asks it for every one of them.
   */
  private static final @Nullable Type[] CHINESE = new Type[10_000];

  // A strong reference: java.util.logging holds loggers weakly, and would lose the level.
  private static final Logger LOGGER = Logger.getLogger(PhoneNumberUtil.class.getName());
  private static final PhoneNumberUtil UTIL = silenced();

  /** Turns off libphonenumber's log, in which it complains of unknown country codes. */
  private static PhoneNumberUtil silenced() {
    LOGGER.setLevel(Level.OFF);
    return PhoneNumberUtil.getInstance();
  }

  /**
   * The enrichment of a number.
   *
   * @param region ISO 3166; null if unknown or non-geographic
   * @param numberType the name of libphonenumber's type
   */
  record Enrichment(String e164, @Nullable String region, String numberType) {
    @Override
    public String toString() {
      return "Enrichment[****]";
    }
  }

  private record Type(@Nullable String region, String numberType) {}

  private PhoneNumbers() {}

  /** Returns the enrichment, or null if the claim is not one phone number. */
  static @Nullable Enrichment enrich(PhoneClaim claim) {
    String country = claim.countryCode();
    String national = claim.purePhoneNumber();
    if (!isNumber(country, 1, 3)
        || country.charAt(0) == '0'
        || !isNumber(national, 4, 14)
        || country.length() + national.length() > E164_DIGITS) {
      return null;
    }
    String shown = withoutPrefix(claim.phoneNumber().replace(" ", "").replace("-", ""));
    if (!shown.equals(national) && !shown.equals(country + national)) {
      return null;
    }
    Type type = type(country, national);
    return new Enrichment("+" + country + national, type.region(), type.numberType());
  }

  private static Type type(String country, String national) {
    if (!country.equals(CHINA)
        || national.length() != CHINESE_DIGITS
        || national.charAt(0) != '1') {
      return analysed(country, national);
    }
    int prefix = Integer.parseInt(national, 1, 5, 10);
    Type known = CHINESE[prefix];
    if (known == null) {
      // Another thread may do the same, and find the same.
      known = analysed(country, national);
      CHINESE[prefix] = known;
    }
    return known;
  }

  /** WeChat gives the parts; to parse the whole would cost more than the rest of the proof. */
  private static Type analysed(String country, String national) {
    PhoneNumber number =
        new PhoneNumber()
            .setCountryCode(Integer.parseInt(country))
            .setNationalNumber(Long.parseLong(national));
    int zeros = leadingZeros(national);
    if (zeros > 0) {
      number.setItalianLeadingZero(true).setNumberOfLeadingZeros(zeros);
    }
    String region = UTIL.getRegionCodeForNumber(number);
    return new Type(
        NON_GEOGRAPHIC.equals(region) ? null : region, UTIL.getNumberType(number).name());
  }

  /** Returns whether a text is of so many ASCII digits. */
  private static boolean isNumber(String text, int least, int most) {
    int length = text.length();
    if (length < least || length > most) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  private static String withoutPrefix(String shown) {
    if (shown.startsWith("+")) {
      return shown.substring(1);
    }
    return shown.startsWith("00") ? shown.substring(2) : shown;
  }

  /** Returns the number of leading zeros; of a number of zeros only, the last does not count. */
  private static int leadingZeros(String national) {
    int zeros = 0;
    while (zeros < national.length() - 1 && national.charAt(zeros) == '0') {
      zeros++;
    }
    return zeros;
  }
}
