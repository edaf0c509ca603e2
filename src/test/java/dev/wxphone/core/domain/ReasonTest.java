package dev.wxphone.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReasonTest {

  @Test
  void reasons_and_their_recovery_are_in_the_order_of_the_proof() {
    assertThat(Arrays.stream(Reason.values()).map(r -> r + " " + r.recovery().text()))
        .containsExactly(
            "INVALID_OPENID never",
            "WRONG_PARTITION replay",
            "MALFORMED_PAYLOAD never",
            "USER_DENIED click-again",
            "PHONE_NOT_BOUND click-again",
            "WECHAT_REFUSED never",
            "CODE_ONLY never",
            "MALFORMED_CIPHERTEXT click-again",
            "SESSION_KEY_MISSING replay",
            "SESSION_KEY_STALE replay",
            "IV_MISMATCH click-again",
            "MALFORMED_PLAINTEXT never",
            "APPID_MISMATCH never",
            "WATERMARK_EXPIRED click-again",
            "INVALID_PHONE_NUMBER never",
            "SUPERSEDED never",
            "MALFORMED_SESSION_KEY never",
            "PROCESSING_FAILED replay");
  }

  @Test
  void repairs_are_in_the_order_in_which_they_are_tried() {
    assertThat(Arrays.stream(Repair.values()).map(Repair::text))
        .containsExactly(
            "byte-order-mark",
            "schema-registry-prefix",
            "encoded-twice",
            "timestamp-in-seconds",
            "line-breaks",
            "escaped-slashes",
            "percent-encoded",
            "space-for-plus",
            "url-safe",
            "missing-padding",
            "iv-ignored");
  }
}
