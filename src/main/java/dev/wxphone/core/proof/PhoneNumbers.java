package dev.wxphone.core.proof;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.wxphone.core.codec.PhoneClaim;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether three numbers can be one phone number, and what is known of it. WeChat has verified the
 * number, so that libphonenumber does not know it is no reason to refuse it.
 */
final class PhoneNumbers {
  private static final Pattern COUNTRY_CODE = Pattern.compile("[1-9][0-9]{0,2}");
  private static final Pattern NATIONAL = Pattern.compile("[0-9]{4,14}");
  private static final Pattern INTERNATIONAL_PREFIX = Pattern.compile("^(\\+|00)");
  private static final int E164_DIGITS = 15;
  private static final String NON_GEOGRAPHIC = "001";

  // Kept, since java.util.logging holds its loggers weakly and would forget the level.
  private static final Logger LOGGER = Logger.getLogger(PhoneNumberUtil.class.getName());
  private static final PhoneNumberUtil KNOWN = quietly();

  /** It speaks of country codes that it does not know through java.util.logging. */
  private static PhoneNumberUtil quietly() {
    LOGGER.setLevel(Level.OFF);
    return PhoneNumberUtil.getInstance();
  }

  /**
   * What is known of a number.
   *
   * @param region ISO 3166, or null
   */
  record Enrichment(String e164, @Nullable String region, String numberType) {
    @Override
    public String toString() {
      return "Enrichment[****]";
    }
  }

  private PhoneNumbers() {}

  /** The enrichment, or null where the claim can't be one phone number. */
  static @Nullable Enrichment enrich(PhoneClaim claim) {
    String country = claim.countryCode();
    String national = claim.purePhoneNumber();
    if (!COUNTRY_CODE.matcher(country).matches()
        || !NATIONAL.matcher(national).matches()
        || country.length() + national.length() > E164_DIGITS) {
      return null;
    }
    String shown = claim.phoneNumber().replace(" ", "").replace("-", "");
    shown = INTERNATIONAL_PREFIX.matcher(shown).replaceFirst("");
    if (!shown.equals(national) && !shown.equals(country + national)) {
      return null;
    }
    // WeChat gives the parts; to parse them again would cost more than all the rest of the proof.
    PhoneNumber number =
        new PhoneNumber()
            .setCountryCode(Integer.parseInt(country))
            .setNationalNumber(Long.parseLong(national));
    int zeros = leadingZeros(national);
    if (zeros > 0) {
      number.setItalianLeadingZero(true).setNumberOfLeadingZeros(zeros);
    }
    String region = KNOWN.getRegionCodeForNumber(number);
    return new Enrichment(
        "+" + country + national,
        NON_GEOGRAPHIC.equals(region) ? null : region,
        KNOWN.getNumberType(number).name());
  }

  /** Zeros before the number; of a number that is nothing but zeros, the last is the number. */
  private static int leadingZeros(String national) {
    int zeros = 0;
    while (zeros < national.length() - 1 && national.charAt(zeros) == '0') {
      zeros++;
    }
    return zeros;
  }
}
