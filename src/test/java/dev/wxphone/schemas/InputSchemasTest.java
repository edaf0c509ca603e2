package dev.wxphone.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.codec.Payload;
import dev.wxphone.core.codec.PayloadReader;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.proof.Clicks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas of the two inputs refuse what the program refuses, and nothing else. */
class InputSchemasTest {
  private static final Schemas PAYLOAD = Schemas.of("phone-payload");
  private static final Schemas LOGIN = Schemas.of("session-key");
  private static final String KEY = "tiihtNczf5v6AKRyjwEUhQ==";
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int VALUES = 10_000;

  /** JSON values of every type, with objects that look like payloads and logins. */
  private static final List<String> ANY_VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1.5e999999",
          "[]",
          "[\"x\"]",
          "{}",
          "{\"encryptedData\":\"d\",\"iv\":\"i\"}",
          "{\"session_key\":\"" + KEY + "\",\"appid\":\"wx1\"}",
          "\"\"",
          "\"x\"",
          "\"取\\n\\u0000\\/\"",
          "\"\uD83D\uDE00\"");

  private static final List<String> ERR_MSG_PARTS =
      List.of(
          "getPhoneNumber",
          ":",
          ":",
          " ",
          " ",
          "fail",
          "fail",
          "FAIL",
          "user",
          "User",
          "auth",
          "authorize",
          "den",
          "deny",
          "DENY",
          "denied",
          "reject",
          "refuse",
          "cancel",
          "Cancel",
          "ok",
          "OK",
          ":ok",
          "o\u212A",
          "\u212A",
          "FA\u0130L",
          "\u017F",
          "_",
          "-",
          "0",
          "户",
          "用户拒绝",
          "取消",
          "é",
          "\n",
          "\r\n",
          "\t",
          "\u000B",
          "\u00A0",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\uD83D\uDE00");

  private static final List<String> ERRNOS =
      List.of("0", "104", "-1", "0.5", "null", "true", "{}", "\"0\"", "\"104\"", "\"x\"", "\"\"");

  private static final List<String> SESSION_KEY_PARTS =
      List.of("A", "Q", "g", "w", "B", "=", "+", "/", "-", "_", " ", "\n", "%3D", "Ａ", "==");

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{\"encryptedData\":\"d\",\"iv\":\"i\"}",
        "{\"encryptedData\":\"\",\"iv\":\"\"}",
        "{\"encryptedData\":\"d\",\"iv\":\"i\",\"errMsg\":\"getPhoneNumber:ok\",\"code\":\"c\"}",
        "{\"encryptedData\":\"d\",\"iv\":\"i\",\"errMsg\":5,\"appid\":7,\"cloudID\":{\"x\":[]}}",
        "{\"encryptedData\":\"d\",\"iv\":\"i\",\"errMsg\":null}",
        "{\"errMsg\":\"getPhoneNumber:fail user deny\"}",
        "{\"errMsg\":\"getPhoneNumber:fail user deny\",\"encryptedData\":null,\"iv\":5}",
        "{\"errMsg\":\"getPhoneNumber:fail no permission\"}",
        "{\"errMsg\":\"getPhoneNumber:cancel\"}",
        "{\"errMsg\":\"getPhoneNumber:deny\"}",
        "{\"errMsg\":\"getPhoneNumber:用户cancel\"}",
        "{\"errMsg\":\"取消\"}",
        "{\"errMsg\":\"failover\"}",
        "{\"errMsg\":\"x:FA\u0130L\"}",
        "{\"encryptedData\":\"d\"}",
        "{\"encryptedData\":\"d\",\"iv\":null}",
        "{\"code\":\"c\"}",
        "{\"errMsg\":\"getPhoneNumber:ok\",\"code\":\"c\"}",
        "{\"errno\":104}",
        "{\"errno\":\"104\"}",
        "{\"errno\":-7,\"errMsg\":\"getPhoneNumber:ok\"}",
        "{\"errno\":999999999}",
      })
  void what_both_take_for_a_payload(String value) {
    assertThat(PAYLOAD.errors(value.getBytes(UTF_8))).isEmpty();
    assertThat(takenForPayload(value)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"getPhoneNumber:fail user deny\"",
        "{}",
        "{\"iv\":\"i\"}",
        "{\"encryptedData\":[\"d\"],\"iv\":\"i\"}",
        "{\"encrypteddata\":\"d\",\"iv\":\"i\"}",
        "{\"e\":{\"detail\":{\"encryptedData\":\"d\",\"iv\":\"i\"}}}",
        "{\"errMsg\":\"getPhoneNumber:ok\"}",
        "{\"errMsg\":\"getPhoneNumber:fail user deny:ok\"}",
        "{\"errMsg\":\" ok\\t\"}",
        "{\"errMsg\":\"\"}",
        "{\"errMsg\":\" \"}",
        "{\"code\":\"\"}",
        "{\"code\":7}",
        "{\"errno\":0}",
        "{\"errno\":0.5}",
        "{\"errno\":\"00\"}",
        "{\"errno\":\"x\"}",
        "{\"errno\":1000000000}",
        "{\"errMsg\":[\"getPhoneNumber:fail user deny\"]}",
        "{\"errmsg\":\"getPhoneNumber:fail user deny\"}",
      })
  void what_both_refuse_as_a_payload(String value) {
    assertThat(PAYLOAD.accepts(value)).isFalse();
    assertThat(takenForPayload(value)).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"o1\",\"unionid\":\"u1\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":null,\"unionid\":null}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"unionid\":5,\"errcode\":0}",
        "{\"appid\":\" \",\"session_key\":\"KEY\",\"unionid\":\"\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\\n\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"tiihtNczf5v6AKRyjw-UhQ==\"}",
      })
  void what_both_take_for_a_login(String value) {
    String login = value.replace("KEY", KEY);
    assertThat(LOGIN.errors(login.getBytes(UTF_8))).isEmpty();
    assertThat(takenForLogin(login)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{}",
        "{\"session_key\":\"KEY\"}",
        "{\"appid\":\"\",\"session_key\":\"KEY\"}",
        "{\"appid\":7,\"session_key\":\"KEY\"}",
        "{\"appid\":\"wx1\"}",
        "{\"appid\":\"wx1\",\"session_key\":null}",
        "{\"appid\":\"wx1\",\"session_key\":\"\"}",
        "{\"appid\":\"wx1\",\"session_key\":[\"KEY\"]}",
        "{\"appid\":\"wx1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUh\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"\"}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":1}",
        "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":[\"o1\"]}",
        "{\"errcode\":40029,\"errmsg\":\"invalid code, rid: 6-7\"}",
      })
  void what_both_refuse_as_a_login(String value) {
    String login = value.replace("KEY", KEY);
    assertThat(LOGIN.accepts(login)).isFalse();
    assertThat(takenForLogin(login)).isFalse();
  }

  @Test
  void any_payload_is_judged_alike() {
    Random random = new Random(1);
    List<String> names =
        List.of("encryptedData", "iv", "errMsg", "errMsg", "appid", "code", "errno", "e");
    judgedAlike(
        random,
        () ->
            object(
                random,
                names,
                name ->
                    switch (name) {
                      case "errMsg" ->
                          random.nextInt(8) > 0 ? joined(random, ERR_MSG_PARTS, 6) : null;
                      // Without numbers that the schema's library cannot compare.
                      case "errno" -> one(random, ERRNOS);
                      default -> null;
                    }),
        PAYLOAD,
        InputSchemasTest::takenForPayload);
  }

  @Test
  void any_login_is_judged_alike() {
    Random random = new Random(2);
    List<String> names =
        List.of("session_key", "session_key", "appid", "appid", "openid", "unionid", "errcode");
    judgedAlike(
        random,
        () ->
            object(
                random,
                names,
                name ->
                    switch (name) {
                      case "session_key" ->
                          Clicks.quoted(
                              switch (random.nextInt(6)) {
                                case 0 -> changed(random, KEY, one(random, SESSION_KEY_PARTS));
                                // Only four characters at this place leave no bits unused.
                                case 1 ->
                                    KEY.substring(0, 21)
                                        + ALPHABET.charAt(random.nextInt(64))
                                        + "==";
                                default -> KEY;
                              });
                      case "openid" ->
                          random.nextBoolean()
                              ? "\"" + "o".repeat(random.nextInt(2) * 511 + 1) + "\""
                              : null;
                      default -> null;
                    }),
        LOGIN,
        InputSchemasTest::takenForLogin,
        InputSchemasTest::hasDamagedKey);
  }

  /**
   * Values that no JSON Schema can refuse, since a parser makes a valid object of them, and that
   * the program refuses. The schema's description names each case.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no field is there twice          | {OK,"x":1,"x":1}
          no field is there twice          | {OK,"x":{"y":1,"y":1}}
          at most 16 levels deep           | {OK,"x":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}
          no half of a surrogate pair      | {OK,"appid":"\\ud800"}
          """)
  void what_no_schema_sees_is_told_and_refused(String documented, String value) {
    String payload = value.replace("OK", "\"encryptedData\":\"d\",\"iv\":\"i\"");
    assertThat(description("phone-payload")).contains(documented);
    assertThat(PAYLOAD.accepts(payload)).isTrue();
    assertThat(takenForPayload(payload)).isFalse();

    // A lenient parser sees the last of two fields.
    String login = value.replace("OK", "\"session_key\":\"" + KEY + "\",\"openid\":\"o1\"");
    login = login.contains("appid") ? login : login.replace("{\"s", "{\"appid\":\"wx1\",\"s");
    assertThat(description("session-key")).contains(documented);
    assertThat(LOGIN.accepts(login)).isTrue();
    assertThat(takenForLogin(login)).isFalse();
  }

  @Test
  void the_size_of_a_value_is_told_and_refused() {
    String payload = "{\"encryptedData\":\"" + "d".repeat(64 * 1024) + "\",\"iv\":\"i\"}";
    assertThat(PAYLOAD.accepts(payload)).isTrue();
    assertThat(takenForPayload(payload)).isFalse();
    String login =
        "{\"appid\":\"wx1\",\"x\":\""
            + "w".repeat(64 * 1024)
            + "\",\"session_key\":\""
            + KEY
            + "\"}";
    assertThat(LOGIN.accepts(login)).isTrue();
    assertThat(takenForLogin(login)).isFalse();
    assertThat(List.of(description("phone-payload"), description("session-key")))
        .allMatch(text -> text.contains("UTF-8 of at most 64 KiB and nothing follows the object"));
  }

  @Test
  void what_the_record_s_key_and_the_settings_say_is_told() {
    String login = "{\"appid\":\"wx1\",\"session_key\":\"KEY\",\"openid\":\"o2\"}";
    byte[] value = login.replace("KEY", KEY).getBytes(UTF_8);
    assertThat(LOGIN.errors(value)).isEmpty();
    assertThat(LoginReader.read(value, "o1", true)).isInstanceOf(LoginReader.Malformed.class);
    assertThat(description("session-key")).contains("openid equals the record's key");

    byte[] withoutAppid = ("{\"session_key\":\"" + KEY + "\"}").getBytes(UTF_8);
    assertThat(LOGIN.errors(withoutAppid)).isNotEmpty();
    assertThat(LoginReader.read(withoutAppid, "o1", false))
        .isInstanceOf(LoginReader.LoggedIn.class);
    assertThat(description("session-key"))
        .contains("appid may be absent where the setting wxphone.appids names an app");
  }

  /**
   * Requires the same verdict of schema and program on many values, every second one with one
   * character changed. The program must refuse what is not the same JSON to every parser.
   */
  static void judgedAlike(
      Random random, Supplier<String> values, Schemas schema, Predicate<String> taken) {
    judgedAlike(random, values, schema, taken, seen -> false);
  }

  /**
   * The same, but for values that may be mended or not, which no schema sees: those the schema
   * takes, and the program perhaps.
   */
  private static void judgedAlike(
      Random random,
      Supplier<String> values,
      Schemas schema,
      Predicate<String> taken,
      Predicate<JsonNode> perhaps) {
    int[] count = new int[3];
    for (int i = 0; i < VALUES; i++) {
      String value = values.get();
      if (i % 2 == 1) {
        value = changed(random, value, one(random, List.of("", "\"", ",", "{", "[", "1", " ")));
      }
      // A change may have cut a surrogate pair; both judge what the encoded bytes hold.
      value = new String(value.getBytes(UTF_8), UTF_8);
      JsonNode seen = Schemas.plain(value);
      boolean bySchema = seen != null && schema.errors(seen).isEmpty();
      if (bySchema && perhaps.test(seen)) {
        continue;
      }
      assertThat(taken.test(value))
          .as("the program on %s, which the schema %s", value, bySchema ? "takes" : "refuses")
          .isEqualTo(bySchema);
      count[seen == null ? 2 : bySchema ? 1 : 0]++;
    }
    // All three kinds occurred.
    assertThat(count)
        .satisfies(n -> assertThat(Arrays.stream(n).min().orElse(0)).isGreaterThan(VALUES / 20));
  }

  static String object(
      Random random, List<String> names, Function<String, @Nullable String> special) {
    List<String> chosen = new ArrayList<>(names.stream().distinct().toList());
    Collections.shuffle(chosen, random);
    List<String> fields = new ArrayList<>();
    for (String name : chosen) {
      if (random.nextInt(names.size()) < 2 + Collections.frequency(names, name) * 2) {
        String value = special.apply(name);
        if (value == null) {
          value = random.nextBoolean() ? "\"x\"" : one(random, ANY_VALUES);
        }
        fields.add("\"" + name + "\":" + value);
      }
    }
    return "{" + String.join(",", fields) + "}";
  }

  private static String joined(Random random, List<String> parts, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append(one(random, parts));
    }
    return Clicks.quoted(text.toString());
  }

  /** Returns the text with the part inserted at a random place, or replacing one character. */
  private static String changed(Random random, String text, String part) {
    int at = random.nextInt(text.length());
    return text.substring(0, at) + part + text.substring(at + random.nextInt(2));
  }

  private static String one(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String description(String topic) {
    return Schemas.node(topic).path("description").textValue();
  }

  private static boolean takenForPayload(String value) {
    return !(PayloadReader.read(value.getBytes(UTF_8)) instanceof Payload.Unusable unusable)
        || unusable.reason() != Reason.MALFORMED_PAYLOAD;
  }

  private static boolean hasDamagedKey(JsonNode login) {
    return !login.path("session_key").asText().matches("[A-Za-z0-9+/]{21}[AQgw]==");
  }

  /** Reads the login with the openid that it names as key, if that is a valid key. */
  private static boolean takenForLogin(String value) {
    JsonNode seen = Schemas.plain(value);
    String named = seen == null ? "" : seen.path("openid").asText("");
    String key = Openid.isOne(named.getBytes(UTF_8)) ? named : "o1";
    return LoginReader.read(value.getBytes(UTF_8), key, true) instanceof LoginReader.LoggedIn;
  }
}
