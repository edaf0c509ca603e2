package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.LoginReader.LoggedIn;
import dev.wxphone.core.codec.LoginReader.Malformed;
import dev.wxphone.core.domain.Login;
import dev.wxphone.core.domain.SessionKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginReaderTest {
  private static final String KEY = "tiihtNczf5v6AKRyjwEUhQ==";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          {"session_key":"KEY","appid":"wx1"} | wx1 | -
          {"appid":"wx1","openid":"o1","session_key":"KEY","unionid":"u1"} | wx1 | u1
          {"session_key":"KEY","appid":"wx1","openid":null} | wx1 | -
          {"session_key":"KEY","appid":"wx1","unionid":""} | wx1 | -
          {"session_key":"KEY","appid":"wx1","unionid":null} | wx1 | -
          {"session_key":"KEY","appid":"wx1","unionid":5} | wx1 | -
          {"session_key":"KEY","appid":"wx1","unionid":["u"]} | wx1 | -
          {"session_key":"KEY","appid":"wx1","errcode":0,"errmsg":"ok","x":{"y":[]}} | wx1 | -
          {"session_key":"KEY","appid":"wx1","expires_in":1e999999999} | wx1 | -
          """)
  void a_login_brings_its_key_with_appid_and_unionid(
      String value, @Nullable String appid, @Nullable String unionid) {
    assertThat(read(value, true)).isEqualTo(login(appid, unionid));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{\"session_key\":\"KEY\"}",
        "{\"session_key\":\"KEY\",\"appid\":\"\"}",
        "{\"session_key\":\"KEY\",\"appid\":null}",
        "{\"session_key\":\"KEY\",\"appid\":7}"
      })
  void an_appid_is_needed_only_where_nothing_else_says_it(String value) {
    assertThat(read(value, true)).isInstanceOf(Malformed.class);
    assertThat(read(value, false)).isEqualTo(login(null, null));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        " ",
        "\"\"",
        "[]",
        "\"KEY\"",
        "KEY",
        "{",
        "{}",
        "{\"appid\":\"wx1\"}",
        "{\"appid\":\"wx1\",\"session_key\":null}",
        "{\"appid\":\"wx1\",\"session_key\":5}",
        "{\"appid\":\"wx1\",\"session_key\":{\"x\":\"KEY\"}}",
        "{\"appid\":\"wx1\",\"session_key\":\"\"}",
        "{\"errcode\":40029,\"errmsg\":\"invalid code, rid: 6-7\"}",
        "{\"errcode\":45011,\"errmsg\":\"api minute-quota reach limit\",\"appid\":\"wx1\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"o2\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"O1\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":1}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"session_key\":\"KEY\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"x\":1,\"x\":1}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"unionid\":\"\\ud800\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\"}{}",
      })
  void what_is_no_login_is_malformed(String value) {
    assertThat(read(value, true)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"appid", "unionid"})
  void what_is_kept_with_a_session_key_has_128_characters_at_the_most(String field) {
    String value = "{\"session_key\":\"KEY\",\"%s\":\"%s\"}";
    assertThat(read(value.formatted(field, "\ud83d\ude00".repeat(128)), false))
        .isNotInstanceOf(Malformed.class);
    assertThat(read(value.formatted(field, "secret--".repeat(16) + "x"), false))
        .isInstanceOfSatisfying(
            Malformed.class,
            malformed ->
                assertThat(malformed.detail())
                    .contains(field + " is longer")
                    .doesNotContain("secret"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "tiihtNczf5v6AKRyjwEUhR==", // bits beyond the 16 bytes
        "tiihtNczf5v6AKRyjwEU", // 15 bytes
        "tiihtNczf5v6AKRyjwEUhQA=", // 17 bytes
        "b628a1b4d7337f9bfa00a4728f011485",
        "eyJhbGciOiJkaXIifQ..a.b.c"
      })
  void what_no_repair_makes_base64_of_16_bytes_is_no_session_key(String sessionKey) {
    assertThat(read("{\"appid\":\"wx1\",\"session_key\":\"" + sessionKey + "\"}", true))
        .isInstanceOf(Malformed.class);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "tiih+Nczf/v6AKRyjwEUhQ==",
        "tiih+Nczf/v6AKRyjwEUhQ",
        "tiih+Nczf/v6AKRyjwEUhQ=",
        "tiih Nczf/v6AKRyjwEUhQ==",
        " tiih Nczf/v6AKRyjwEUhQ== ",
        "tiih+Nczf/v6AKRyjwEUhQ==\\n",
        "tiih+Nczf/v6\\r\\nAKRyjwEUhQ==",
        "tiih+Nczf/v6 AKRyjwEUhQ==",
        "tiih-Nczf_v6AKRyjwEUhQ==",
        "tiih%2BNczf%2Fv6AKRyjwEUhQ%3D%3D",
        "tiih+Nczf\\/v6AKRyjwEUhQ==",
        "tiih+Nczf\\\\/v6AKRyjwEUhQ==",
        "tiih+Nczf\\\\\\\\/v6AKRyjwEUhQ==",
        "tiih-Nczf_v6AKRyjwEUhQ%0A"
      })
  void a_session_key_is_repaired(String sessionKey) {
    SessionKey key = SessionKey.of(Base64.getDecoder().decode("tiih+Nczf/v6AKRyjwEUhQ=="), "wx1");
    assertThat(read("{\"appid\":\"wx1\",\"session_key\":\"" + sessionKey + "\"}", true))
        .isEqualTo(new LoggedIn(new Login(key, null)));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"\uFEFF", "\0\0\0\0\7", "\uFEFF\0\0\0\0\7", "\0\0\0\0\7\uFEFF \n"})
  void a_value_is_repaired(String before) {
    String login = "{\"session_key\":\"KEY\",\"appid\":\"wx1\"}";
    assertThat(read(before + login, true)).isEqualTo(login("wx1", null));
    String twice = before + "\"" + login.replace("\"", "\\\"") + "\"";
    assertThat(read(twice, true)).isEqualTo(login("wx1", null));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {"", "null", " null\r\n", "\uFEFFnull", "\uFEFF \tnull", "\uFEFF", "\"null\""})
  void what_serializers_make_of_null_is_a_logout(String value) {
    assertThat(read(value, true)).isEqualTo(new LoginReader.LoggedOut());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"NULL", "nul", "null,", "null null", "none", "{}", "0", "\0"})
  void nothing_else_is_a_logout(String value) {
    assertThat(read(value, true)).isInstanceOf(Malformed.class);
  }

  @Test
  void a_solidus_may_be_escaped_as_php_does() {
    assertThat(
            read("{\"appid\":\"wx1\",\"session_key\":\"\\/\\/\\/\\/AAAAAAAAAAAAAAAAAA==\"}", true))
        .isInstanceOf(LoggedIn.class);
  }

  @Test
  void a_value_is_at_most_64_kib() {
    String login = "{\"session_key\":\"" + KEY + "\",\"appid\":\"wx1\"}";
    String full = login + " ".repeat(InputLimits.VALUE_BYTES - login.length());
    assertThat(read(full, true)).isEqualTo(login("wx1", null));
    assertThat(read(full + " ", true)).isInstanceOf(Malformed.class);
  }

  @Test
  void utf_16_is_malformed() {
    byte[] value = ("{\"session_key\":\"" + KEY + "\",\"appid\":\"wx1\"}").getBytes(UTF_16);
    assertThat(LoginReader.read(value, "o1", true)).isInstanceOf(Malformed.class);
  }

  @Test
  void what_is_said_of_a_malformed_login_quotes_nothing_of_it() {
    for (String value :
        new String[] {
          "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"o2\"}",
          "{\"session_key\":\"KEY\"}",
          "{\"appid\":\"wx1\",\"session_key\":\"KEYx\"}",
          "{\"session_key\":\"KEY\"KEY"
        }) {
      assertThat(read(value, true).toString())
          .endsWith(".]")
          .doesNotContain(KEY, "wx1", "o1", "o2");
    }
    assertThat(read("{\"appid\":\"wx1\",\"session_key\":\"KEY\"}", true).toString())
        .doesNotContain(KEY);
  }

  private static LoginReader.Read read(String value, boolean appidNeeded) {
    return LoginReader.read(value.replace("KEY", KEY).getBytes(UTF_8), "o1", appidNeeded);
  }

  private static LoggedIn login(@Nullable String appid, @Nullable String unionid) {
    return new LoggedIn(new Login(SessionKey.of(Base64.getDecoder().decode(KEY), appid), unionid));
  }
}
