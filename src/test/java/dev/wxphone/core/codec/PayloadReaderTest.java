package dev.wxphone.core.codec;

import static dev.wxphone.core.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WECHAT_REFUSED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import dev.wxphone.core.domain.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        "getPhoneNumber:fail:timeout",
        "getPhoneNumber:fail can only be invoked by user TAP gesture.",
        "getPhoneNumber:fail the user has no phone number",
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
        "",
        "ok",
        "failover",
        "成功"
      })
  void every_other_message_is_no_refusal(String errMsg) {
    assertThatObject(
            read("{\"errMsg\":\"%s\",\"encryptedData\":\"d\",\"iv\":\"i\"}".formatted(errMsg)))
        .isEqualTo(new Payload.Click("d", "i", null));
    assertThat(reason(errMsg)).isEqualTo(MALFORMED_PAYLOAD);
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
        .isEqualTo(new Payload.Click("d", "i", "wx1"));
    assertThatObject(read("{\"encryptedData\":\"d\",\"iv\":\"i\",\"appid\":5}"))
        .isEqualTo(new Payload.Click("d", "i", null));
  }

  @Test
  void a_click_does_not_show_its_ciphertext() {
    assertThat(new Payload.Click("secretData", "secretIv", "wx1").toString())
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
