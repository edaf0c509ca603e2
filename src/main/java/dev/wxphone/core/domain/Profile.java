package dev.wxphone.core.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verified and enriched phone number of one user of one app.
 *
 * @param phoneNumber as WeChat gave it; a foreign number may have its country code
 * @param purePhoneNumber the national number, 4 to 14 digits
 * @param countryCode the country calling code, 1 to 3 digits
 * @param e164 {@code +}, country code and national number
 * @param region ISO 3166; null if unknown or non-geographic
 * @param numberType the name of libphonenumber's type
 * @param sessionKeyAge 0 for the openid's newest known key, 1 for the one before, …
 * @param repairs the repairs of the payload, in the order of {@link Repair}
 */
public record Profile(
    String openid,
    @Nullable String unionid,
    String appid,
    String phoneNumber,
    String purePhoneNumber,
    String countryCode,
    String e164,
    @Nullable String region,
    String numberType,
    Watermark watermark,
    int sessionKeyAge,
    List<Repair> repairs) {

  public Profile {
    repairs = List.copyOf(repairs);
  }

  /** Shows no number and no openid. */
  @Override
  public String toString() {
    return "Profile[****, appid=%s, sessionKeyAge=%d, repairs=%s]"
        .formatted(appid, sessionKeyAge, repairs);
  }
}
