package dev.wxphone.core.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.domain.Watermark;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ciphertexts that neither this program nor the JCE made. */
class KnownAnswersTest {
  private static final String APPID = "wx4f4bc4dec97d474b";
  private static final String SESSION_KEY = "tiihtNczf5v6AKRyjwEUhQ==";
  private static final String IV = "r7BXXKkLb8qrSNn05n0qiA==";
  private static final long SECONDS = 1_477_314_187;

  /** The user info of WeChat's own samples ("signature verification and decryption of data"). */
  private static final String USER_INFO =
      "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC"
          + "+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue"
          + "1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn"
          + "/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorG"
          + "j5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNH"
          + "R1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5"
          + "hzuyDb/XcxxmK01EpqOyuxINew==";

  // printf '%s' '{"phoneNumber":"13580006666","purePhoneNumber":"13580006666","countryCode":"86",
  //   "watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}}' (without the line break)
  //   | openssl enc -aes-128-cbc -K b628a1b4d7337f9bfa00a4728f011485
  //     -iv afb0575ca90b6fcaab48d9f4e67d2a88 | base64 -w0
  private static final String CHINESE =
      "xT8p8W6jIVdEWQ+ccHuD2bmG5RSiwg14VWRFw/UGVh6Aj+jDIadafJ4xdCIBQ/uxDiyw/MZWvpFyRn3pP3xxVfNQ"
          + "xFtzghvK+Pj5JQI7x412Zc+UKBdZyt5yiQboroSxabTum1k4MMOlnoCxhJ46cxPDT2EuLbNUf2McwNtGO0/9"
          + "E+Xj/ZwENw48ucueL3UqNoKpXxFYvqH6eawrR2MXnA==";

  // printf '%s' '{"watermark":{"appid":"wx4f4bc4dec97d474b","timestamp":"1477314187"},
  //   "countryCode":44,"purePhoneNumber":"7400123456","phoneNumber":"+447400123456"}'
  //   (without the line break), then as above
  private static final String BRITISH =
      "i/89d/Qt0WYAzoa4a7IlmN+9VXJ6E7LWc3z8TMEmU8tTxctcNe4Ivht3HHHpROsd5ZHpgrlvptNIgQJmG6CtfSVu"
          + "eUYTvQYk87bLIkSVJMuLzci0T2TR1oRw9P4wY2o6ljRXtaBLorcEZjbchdUrK9d4yUwmKAmrS9H8r0nz42/8"
          + "47GHsXXVrK2BPLwAsFguVExv9qX1R4CbnVCFwNPzIw==";

  @Test
  void the_user_info_of_wechats_samples_decrypts_but_is_no_phone_number() {
    assertThat(verdict(USER_INFO))
        .isEqualTo(
            new Verdict.Refused(Reason.MALFORMED_PLAINTEXT, ProofDetails.NO_PHONE, 1, false));
  }

  @Test
  void a_chinese_number_that_openssl_encrypted_becomes_a_profile() {
    assertThat(verdict(CHINESE))
        .isEqualTo(profile("13580006666", "13580006666", "86", "+8613580006666", "CN", "MOBILE"));
  }

  @Test
  void a_british_number_that_openssl_encrypted_becomes_a_profile() {
    assertThat(verdict(BRITISH))
        .isEqualTo(profile("+447400123456", "7400123456", "44", "+447400123456", "GB", "MOBILE"));
  }

  private static Verdict verdict(String encryptedData) {
    String value =
        """
        {"errMsg":"getPhoneNumber:ok","encryptedData":"%s","iv":"%s"}"""
            .formatted(encryptedData, IV);
    SessionKey key = SessionKey.of(Base64.getDecoder().decode(SESSION_KEY), APPID);
    UserState user = new UserState(List.of(key), null, UserState.NEVER, UserState.NEVER);
    return new PhoneProof(new ProofRules(Set.of(), Duration.ofDays(3)))
        .prove(value.getBytes(UTF_8), "openid", user, ClickTime.ofMillis(SECONDS * 1000));
  }

  private static Verdict profile(
      String phone, String pure, String country, String e164, String region, String type) {
    return new Verdict.Proven(
        new Profile(
            "openid",
            null,
            APPID,
            phone,
            pure,
            country,
            e164,
            region,
            type,
            new Watermark(APPID, SECONDS),
            0,
            List.of()));
  }
}
