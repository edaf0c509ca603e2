package dev.wxphone.core.codec;

import static dev.wxphone.core.domain.Reason.CODE_ONLY;
import static dev.wxphone.core.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.core.domain.Reason.PHONE_NOT_BOUND;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WECHAT_REFUSED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import dev.wxphone.core.domain.Reason;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadReaderTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "getPhoneNumber:fail user deny",
        "getPhoneNumber:fail:user deny",
        "getPhoneNumber:fail user denied",
        "getPhoneNumber:user deny",
        "getPhoneNumber:fail user cancel",
        "getPhoneNumber:fail:user cancel",
        "getPhoneNumber:fail user canceled",
        "getPhoneNumber:user cancel",
        "getPhoneNumber:fail cancel",
        "getPhoneNumber:fail:cancelled",
        "getPhoneNumber:cancel",
        "getPhoneNumber:fail auth deny",
        "getPhoneNumber:fail:auth deny",
        "getPhoneNumber:fail auth denied",
        "getPhoneNumber:fail auth cancel",
        "getPhoneNumber:fail authorize deny",
        "getPhoneNumber:fail user reject",
        "getPhoneNumber:fail user refused",
        "getPhoneNumber:fail deny",
        "getPhoneNumber:deny",
        "getPhoneNumber: fail user deny",
        "GETPHONENUMBER:FAIL USER DENY",
        "getPhoneNumber:fail 用户拒绝授权",
        "getPhoneNumber:fail 用户取消",
        "getPhoneNumber:fail:用户点击了取消",
        "getPhoneNumber:fail:cancel to confirm login",
        "cancel to confirm login",
        "getPhoneNumber:fail privacy permission is not authorized",
        "privacy permission is not authorized",
        "getPhoneNumber:fail:timeout",
        "getPhoneNumber:fail user confirm timed out",
        "getPhoneNumber:fail 用户确认超时",
        "user deny",
        "deny",
        "用户取消",
        // Not what the JDK takes for a letter counts, but ASCII.
        "getPhoneNumber:fail 用户cancel"
      })
  void what_the_user_denied_or_cancelled_is_a_denial(String errMsg) {
    assertThat(reason(errMsg)).isEqualTo(USER_DENIED);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "getPhoneNumber:fail",
        "getPhoneNumber:fail no permission",
        "getPhoneNumber:fail jsapi has no permission, event_id=200",
        "getPhoneNumber:fail:access denied",
        "getPhoneNumber:fail access denied",
        "getPhoneNumber:fail permission denied",
        "getPhoneNumber:fail system error",
        "getPhoneNumber:fail can only be invoked by user TAP gesture.",
        "getPhoneNumber:fail operateWXData:fail jsapi has no permission",
        "api scope is not declared in the privacy agreement",
        "getPhoneNumber:fail 该小程序手机号快速验证组件额度不足",
        "no permission",
        "fail",
        "failover",
        "成功",
        "getPhoneNumber:fail account is not verified",
        "getPhoneNumber:fail api scope is not declared in the privacy agreement",
        "getPhoneNumber:fail appid privacy api banned",
        "getPhoneNumber: fail no permission",
        "getPhoneNumber:FAIL NO PERMISSION",
        "getPhoneNumber:fail 没有权限",
        "getPhoneNumber:fail 系统错误"
      })
  void every_other_failure_is_a_refusal_by_wechat(String errMsg) {
    assertThat(reason(errMsg)).isEqualTo(WECHAT_REFUSED);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "getPhoneNumber:ok",
        "getPhoneNumber:OK",
        "getPhoneNumber: ok",
        "getPhoneNumber:ok ",
        "",
        " ",
        "ok"
      })
  void every_other_message_is_no_refusal(String errMsg) {
    assertThatObject(
            read("{\"errMsg\":\"%s\",\"encryptedData\":\"d\",\"iv\":\"i\"}".formatted(errMsg)))
        .isEqualTo(new Payload.Click("d", "i", null, Set.of()));
    assertThat(reason(errMsg)).isEqualTo(MALFORMED_PAYLOAD);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "getPhoneNumber:fail the user has no phone number",
        "getPhoneNumber:fail user has not bound phone",
        "getPhoneNumber:fail:phone number not bound",
        "getPhoneNumber:fail please bind your phone number first",
        "getPhoneNumber:fail user phone need verify",
        "getPhoneNumber:fail 用户未绑定手机，请先在微信客户端进行绑定后重试",
        "getPhoneNumber:fail 请先验证手机号",
        "用户未绑定手机号"
      })
  void a_user_who_has_to_bind_or_verify_a_number_has_none(String errMsg) {
    assertThat(reason(errMsg)).isEqualTo(PHONE_NOT_BOUND);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"failover", "成功", "no permission", "timeout", "用户未绑定手机号"})
  void beside_a_ciphertext_or_a_code_only_what_says_so_is_a_refusal(String errMsg) {
    assertThatObject(
            read("{\"errMsg\":\"%s\",\"encryptedData\":\"d\",\"iv\":\"i\"}".formatted(errMsg)))
        .isEqualTo(new Payload.Click("d", "i", null, Set.of()));
    assertThatObject(read("{\"errMsg\":\"%s\",\"code\":\"c\"}".formatted(errMsg)))
        .extracting(payload -> ((Payload.Unusable) payload).reason())
        .isEqualTo(CODE_ONLY);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"errno":104,"errMsg":"privacy permission is not authorized"} | USER_DENIED     | 104     | privacy
          {"errno":104}                                              | USER_DENIED     | 104     | privacy
          {"errno":"104","errMsg":"getPhoneNumber:ok"}               | USER_DENIED     | 104     | privacy
          {"errno":104.0,"encryptedData":"d","iv":"i"}               | USER_DENIED     | 104     | privacy
          {"errno":102,"errMsg":"getPhoneNumber:fail user deny"}     | WECHAT_REFUSED  | 102     | verified
          {"errMsg":"getPhoneNumber:fail no permission"}             | WECHAT_REFUSED  | 0       | capability
          {"errno":112,"errMsg":"x"}                                 | WECHAT_REFUSED  | 112     | declare
          {"errMsg":"getPhoneNumber:fail api scope is not declared in the privacy agreement"} | WECHAT_REFUSED | 0 | declare
          {"errno":1400001,"errMsg":"x"}                             | WECHAT_REFUSED  | 1400001 | quota
          {"errno":103,"errMsg":"getPhoneNumber:fail auth deny"}     | USER_DENIED     | 103     | click
          {"errno":-7,"code":"c"}                                    | WECHAT_REFUSED  | -7      | errno -7
          {"errno":0,"errMsg":"getPhoneNumber:fail user deny"}       | USER_DENIED     | 0       | click
          """)
  void errno_counts_before_the_text(String value, Reason reason, int errno, String words) {
    Payload.Unusable refusal = (Payload.Unusable) read(value);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.detail()).contains(words).endsWith(".");
    assertThat(PayloadReader.extras(value.getBytes(UTF_8)).errno())
        .isEqualTo(errno == 0 ? null : (Integer) errno);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"null", "true", "0.5", "1e99", "1e999999999999", "\"\"", "\"x\"", "[104]", "0"})
  void what_is_no_number_is_no_errno(String errno) {
    assertThatObject(read("{\"errno\":%s,\"encryptedData\":\"d\",\"iv\":\"i\"}".formatted(errno)))
        .isInstanceOf(Payload.Click.class);
  }

  @Test
  void an_err_msg_is_read_as_far_as_1_kib() {
    String said = ":fail cancel";
    String filler = "x".repeat(1024 - said.length());
    assertThat(reason(filler + said)).isEqualTo(USER_DENIED);
    assertThat(reason("x" + filler + said)).isEqualTo(WECHAT_REFUSED);
  }

  @Test
  void the_same_refusal_counts_whatever_else_is_there() {
    assertThatObject(
            read(
                "{\"encryptedData\":\"d\",\"iv\":\"i\",\"errMsg\":\"getPhoneNumber:fail user"
                    + " deny\"}"))
        .isEqualTo(read("{\"errMsg\":\"getPhoneNumber:fail user deny\"}"));
  }

  @Test
  void a_click_names_its_app_where_the_payload_does() {
    assertThatObject(
            read("{\"encryptedData\":\"d\",\"iv\":\"i\",\"appid\":\"wx1\",\"code\":\"c\"}"))
        .isEqualTo(new Payload.Click("d", "i", "wx1", Set.of()));
    assertThatObject(read("{\"encryptedData\":\"d\",\"iv\":\"i\",\"appid\":5}"))
        .isEqualTo(new Payload.Click("d", "i", null, Set.of()));
  }

  @Test
  void a_click_does_not_show_its_ciphertext() {
    assertThat(new Payload.Click("secretData", "secretIv", "wx1", Set.of()).toString())
        .contains("wx1")
        .doesNotContain("secret");
  }

  @Test
  void what_is_said_of_an_unusable_payload_quotes_nothing_of_it() {
    for (String value :
        new String[] {
          "{\"x\":QUOTED", "QUOTED", "{\"errMsg\":\":fail QUOTED\"}", "{\"QUOTED\":1}"
        }) {
      assertThatObject(read(value)).isInstanceOf(Payload.Unusable.class);
      assertThat(read(value).toString()).doesNotContainIgnoringCase("quoted");
    }
  }

  private static Payload read(String value) {
    return PayloadReader.read(value.getBytes(UTF_8));
  }

  private static Reason reason(String errMsg) {
    Payload payload = read("{\"errMsg\":\"%s\"}".formatted(errMsg));
    return ((Payload.Unusable) payload).reason();
  }
}
