package dev.wxphone.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.wxphone.core.codec.PhoneClaim;
import dev.wxphone.core.domain.Watermark;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reasons and enrichments themselves are in {@link PhoneProofTest}. */
class PhoneNumbersTest {
  private static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();
  private static final int NUMBERS = 30;

  /** What is kept for a prefix must hold for every number that begins with it. */
  @Test
  void a_chinese_number_is_analysed_by_its_first_five_digits() {
    Random random = new Random(5);
    for (int prefix = 10_000; prefix < 20_000; prefix++) {
      for (int i = 0; i < NUMBERS; i++) {
        int rest = i == 0 ? 0 : i == 1 ? 999_999 : random.nextInt(1_000_000);
        String national = "%d%06d".formatted(prefix, rest);
        PhoneNumber number =
            new PhoneNumber().setCountryCode(86).setNationalNumber(Long.parseLong(national));
        PhoneNumbers.Enrichment enriched =
            PhoneNumbers.enrich(new PhoneClaim(national, national, "86", new Watermark("wx1", 1)));
        assertThat(enriched)
            .as(national)
            .isEqualTo(
                new PhoneNumbers.Enrichment(
                    "+86" + national,
                    UTIL.getRegionCodeForNumber(number),
                    UTIL.getNumberType(number).name()));
      }
    }
  }
}
