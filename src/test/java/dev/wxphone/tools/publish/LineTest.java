package dev.wxphone.tools.publish;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.codec.Payload;
import dev.wxphone.core.codec.PayloadReader;
import dev.wxphone.tools.publish.Line.Blank;
import dev.wxphone.tools.publish.Line.Publishable;
import dev.wxphone.tools.publish.Line.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
  private static final String KEY = "tiihtNczf5v6AKRyjwEUhQ==";
  private static final LineFormat PAYLOADS = new LineFormat.Payloads();
  private static final LineFormat SESSION_KEYS = new LineFormat.SessionKeys(true);

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"openid":"o1","encryptedData":"d","iv":"i"}           | {"encryptedData":"d","iv":"i"}
          {"encryptedData":"d","openid":"o1","iv":"i"}           | {"encryptedData":"d","iv":"i"}
          {"encryptedData":"d","iv":"i","openid":"o1"}           | {"encryptedData":"d","iv":"i"}
          { "iv" : "i" , "openid" : "o1" , "encryptedData":"d" } | {"iv" : "i","encryptedData":"d"}
          {"openid":"\\u006f1","encryptedData":"\\/d","iv":"i"}  | {"encryptedData":"\\/d","iv":"i"}
          {"iv":"i","n":1.50e+2,"openid":"o1","encryptedData":"d","x":[{"openid":"o2"} , null]} | {"iv":"i","n":1.50e+2,"encryptedData":"d","x":[{"openid":"o2"} , null]}
          {"openid":"o1","encryptedData":"d","iv":"i","s":"\\"},\\"openid\\":","t":true,"f":false} | {"encryptedData":"d","iv":"i","s":"\\"},\\"openid\\":","t":true,"f":false}
          {"openid":"o1","errMsg":"getPhoneNumber:fail user deny"} | {"errMsg":"getPhoneNumber:fail user deny"}
          {"openid":"o1","errMsg":"getPhoneNumber:fail no permission"} | {"errMsg":"getPhoneNumber:fail no permission"}
          """)
  void a_payload_s_openid_becomes_the_key_and_the_rest_stays_as_it_was(String line, String value) {
    assertPublishable(line, PAYLOADS, "o1", value);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{\"openid\":\"o1\",\"appid\":\"wx1\",\"session_key\":\"KEY\"}",
        "{\"session_key\":\"KEY\", \"appid\":\"wx1\", \"unionid\":\"u1\",  \"openid\":\"o1\"}",
        "{\"openid\":\"o1\",\"appid\":\"wx1\",\"session_key\":\"KEY\",\"expires_in\":1e9}",
      })
  void a_login_is_the_value_as_it_is(String line) {
    String login = line.replace("KEY", KEY);
    assertPublishable(login, SESSION_KEYS, "o1", login);
    assertPublishable("  " + login + "\t\r", SESSION_KEYS, "o1", login);
  }

  @Test
  void a_session_key_of_null_is_a_logout() {
    assertPublishable("{\"openid\":\"o1\",\"session_key\":null}", SESSION_KEYS, "o1", null);
    assertPublishable("{ \"session_key\" : null , \"openid\" : \"o1\" }", SESSION_KEYS, "o1", null);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{\"openid\":\"o1\",\"appid\":\"wx1\",\"session_key\":null}",
        "{\"openid\":\"o1\",\"session_key\":null,\"errcode\":40029}",
      })
  void an_answer_without_a_key_is_no_logout(String line) {
    assertThat(why(line, SESSION_KEYS)).startsWith("The session_key is null beside other fields");
  }

  @Test
  void an_appid_is_needed_where_the_settings_name_none() {
    String line = "{\"openid\":\"o1\",\"session_key\":\"" + KEY + "\"}";
    assertThat(why(line, SESSION_KEYS)).startsWith("There is no appid");
    assertPublishable(line, new LineFormat.SessionKeys(false), "o1", line);
  }

  @Test
  void openids_are_letters_digits_and_two_signs_up_to_512_bytes() {
    String openid = "o_-1".repeat(128);
    String fields = "\"errMsg\":\":cancel\"";
    assertPublishable(
        "{\"openid\":\"" + openid + "\"," + fields + "}", PAYLOADS, openid, "{" + fields + "}");
    assertThat(why("{\"openid\":\"" + openid + "o\"," + fields + "}", PAYLOADS))
        .startsWith("The openid is longer than 512 bytes;");
    for (String other : List.of("o 1", "o.1", "o带", "\\\"o1\\\"", "o1\\n")) {
      assertThat(why("{\"openid\":\"" + other + "\"," + fields + "}", PAYLOADS))
          .startsWith("The openid ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x                                                 | The line is not one JSON object. It is not JSON at column
          {"openid":"o1","errMsg":":cancel"                 | The line is not one JSON object. The JSON breaks off at its end.
          {"openid":"o1","errMsg":":cancel"}{}              | The line is not one JSON object. There is more after the JSON object.
          {"openid":"o1","errMsg":":cancel"},               | The line is not one JSON object. There is more after the JSON object.
          [{"openid":"o1","errMsg":":cancel"}]              | The line is not one JSON object. It is JSON but not an object.
          {"openid":"o1","openid":"o2","errMsg":":cancel"}  | The line is not one JSON object. A field is there twice; the second one is at column 2
          {"openid":"o1","x":1,"x":1,"errMsg":":cancel"}    | The line is not one JSON object. A field is there twice; the second one is at column 2
          {"openid":"\\ud800","errMsg":":cancel"}           | The line is not one JSON object. It is not JSON at column
          null                                              | The line is not one JSON object. It is JSON but not an object.
          {"openid":"o1","x":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]} | The line is not one JSON object. It is deeper than 16 levels.
          {"openid":"o1","errMsg":":cancel"} x              | The line is not one JSON object. There is more after the JSON object.
          {"openid":"o1","errMsg":}                         | The line is not one JSON object. It is not JSON at column 2
          {}                                                | There is no text openid
          {"errMsg":":cancel"}                              | There is no text openid
          {"openid":"","errMsg":":cancel"}                  | There is no text openid
          {"openid":null,"errMsg":":cancel"}                | There is no text openid
          {"openid":1,"errMsg":":cancel"}                   | There is no text openid
          {"openid":["o1"],"errMsg":":cancel"}              | There is no text openid
          {"openid":"o1"}                                   | There is no text encryptedData
          {"openid":"o1","encryptedData":null,"iv":"i"}     | There is no text encryptedData
          {"openid":"o1","errMsg":"getPhoneNumber:ok"}      | There is no text encryptedData
          """)
  void what_would_be_a_malformed_payload_is_refused(String line, String why) {
    assertThat(why(line, PAYLOADS)).startsWith(why);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{\"openid\":\"o1\"}",
        "{\"openid\":\"o1\",\"appid\":\"wx1\",\"session_key\":\"x\"}",
        "{\"openid\":\"o1\",\"appid\":\"wx1\",\"session_key\":\"KEY=\"}",
        "{\"openid\":\"o1\",\"errcode\":40029,\"errmsg\":\"invalid code\"}",
      })
  void what_would_be_a_malformed_login_is_refused(String line) {
    assertThat(why(line.replace("KEY", KEY), SESSION_KEYS))
        .startsWith("There is no session_key that is base64 of 16 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\r", " \t\r", "\u3000"})
  void a_line_of_blanks_is_skipped(String line) {
    assertThatObject(Line.read(line.getBytes(UTF_8), PAYLOADS)).isEqualTo(new Blank());
    assertThatObject(Line.read(line.getBytes(UTF_8), SESSION_KEYS)).isEqualTo(new Blank());
  }

  @Test
  void sizes_are_bounded() {
    String fits =
        "{\"openid\":\"o1\",\"iv\":\"i\",\"encryptedData\":\"" + "d".repeat(65_507) + "\"}";
    byte[] value = publishable(fits, PAYLOADS).value();
    assertThat(value).hasSize(64 * 1024);
    assertThat(why(fits.replace("\"d", "\"dd"), PAYLOADS))
        .startsWith("The value is larger than 64 KiB");
    String blanks = " ".repeat(Line.MAX_BYTES - fits.length());
    assertThat(publishable(fits + blanks, PAYLOADS).value()).isEqualTo(value);
    assertThat(why(fits + blanks + " ", PAYLOADS)).isEqualTo("The line is longer than 128 KiB.");
  }

  @Test
  void a_line_is_utf_8() {
    String line = "{\"openid\":\"o1\",\"errMsg\":\":取消\"}";
    assertPublishable(line, PAYLOADS, "o1", "{\"errMsg\":\":取消\"}");
    assertThatObject(Line.read(line.getBytes(UTF_16LE), PAYLOADS)).isInstanceOf(Refused.class);
    assertThatObject(Line.read(new byte[] {'{', (byte) 0xE5, '}'}, PAYLOADS))
        .isEqualTo(new Refused("The line is not UTF-8."));
  }

  @Test
  void a_refusal_quotes_nothing_of_its_line() {
    for (String line :
        List.of(
            "{\"QUOTED\":1}",
            "{\"QUOTED\":1,\"QUOTED\":1}",
            "{\"QUOTED\":QUOTED}",
            "{\"x\":\"QUOTED",
            "{} QUOTED",
            "[\"QUOTED\"]",
            "{\"QUOTED\":" + "[".repeat(20),
            "QUOTED",
            "{\"openid\":\"QUOTED\"}",
            "{\"openid\":\"QUOTED\",\"session_key\":\"QUOTED\"}",
            "{\"openid\":\"QUOTED\",\"session_key\":null,\"QUOTED\":1}",
            "{\"openid\":\"QUOTED\",\"errMsg\":\":cancel\"}",
            "{\"openid\":\"QUOTED\",\"appid\":\"QUOTED\",\"session_key\":\"" + KEY + "\"}")) {
      for (LineFormat content : List.of(PAYLOADS, SESSION_KEYS)) {
        assertThat(Line.read(line.getBytes(UTF_8), content).toString())
            .doesNotContain("QUOTED", KEY);
      }
    }
  }

  /** However the fields are written and set apart, the value holds them all, and reads the same. */
  @Test
  void any_payload_is_published_as_it_was_but_for_its_openid() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Random random = new Random(1);
    List<String> values =
        List.of(
            "\"x\"",
            "\"\\\"\"",
            "\"{,}\"",
            "\"\\\\\"",
            "\"取\"",
            "0",
            "-1.50E-7",
            "1e400",
            "true",
            "false",
            "null",
            "[]",
            "[ 1 , \"a\" ]",
            "{}",
            "{\"openid\":[\"b\" ]}",
            "\"" + "long".repeat(3_000) + "\"");
    for (int i = 0; i < 2_000; i++) {
      List<String> fields = new ArrayList<>();
      fields.add("\"encryptedData\"" + blanks(random) + ":" + blanks(random) + "\"d\"");
      fields.add("\"iv\":\"i\"");
      for (int n = random.nextInt(5); n > 0; n--) {
        fields.add(
            "\"n\\\""
                + n
                + "\""
                + blanks(random)
                + ":"
                + blanks(random)
                + values.get(random.nextInt(values.size())));
      }
      List<String> all = new ArrayList<>(fields);
      all.add(random.nextInt(fields.size() + 1), "\"openid\"" + blanks(random) + ": \"o1\"");
      String line =
          all.stream()
              .map(field -> blanks(random) + field + blanks(random))
              .collect(Collectors.joining(",", blanks(random) + "{", "}" + blanks(random)));
      String value = "{" + String.join(",", fields) + "}";
      assertPublishable(line, PAYLOADS, "o1", value);
      ObjectNode whole = (ObjectNode) json.readTree(line);
      whole.remove("openid");
      assertThat(json.readTree(publishable(line, PAYLOADS).value()).equals(whole)).isTrue();
    }
  }

  /** Else a line would be taken here and become a dead letter there. */
  @Test
  void what_is_published_is_what_the_processor_accepts() {
    byte[] payload =
        publishable("{\"openid\":\"o1\",\"iv\":\"i\",\"encryptedData\":\"d\"}", PAYLOADS).value();
    assertThatObject(PayloadReader.read(payload)).isInstanceOf(Payload.Click.class);
    byte[] login =
        publishable(
                "{\"openid\":\"o1\",\"appid\":\"wx1\",\"session_key\":\"" + KEY + "\"}",
                SESSION_KEYS)
            .value();
    assertThat(LoginReader.read(Objects.requireNonNull(login), "o1", true))
        .isInstanceOf(LoginReader.LoggedIn.class);
  }

  private static String blanks(Random random) {
    return List.of("", "", " ", "\t", "  \r").get(random.nextInt(5));
  }

  private static void assertPublishable(
      String line, LineFormat content, String openid, @Nullable String value) {
    Publishable record = publishable(line, content);
    assertThat(new String(record.key(), UTF_8)).isEqualTo(openid);
    byte[] published = record.value();
    assertThat(published == null ? null : new String(published, UTF_8)).isEqualTo(value);
  }

  private static Publishable publishable(String line, LineFormat content) {
    Line read = Line.read(line.getBytes(UTF_8), content);
    assertThatObject(read).as(read.toString()).isInstanceOf(Publishable.class);
    return (Publishable) read;
  }

  private static String why(String line, LineFormat content) {
    Line read = Line.read(line.getBytes(UTF_8), content);
    assertThatObject(read).isInstanceOf(Refused.class);
    return ((Refused) read).why();
  }
}
