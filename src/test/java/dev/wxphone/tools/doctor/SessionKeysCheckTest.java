package dev.wxphone.tools.doctor;

import static dev.wxphone.tools.doctor.Records.openid;
import static dev.wxphone.tools.doctor.Records.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SessionKeysCheckTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final String GOOD =
      "{\"appid\":\"wx1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}";

  private final SessionKeysCheck shapes = new SessionKeysCheck("t", true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "not JSON | The value is not one JSON object | publish the jscode2session answer with the appid",
        "{\"errcode\":40029} | There is no session_key that is base64 of 16 bytes | publish the answer of a jscode2session call that succeeded, as it is",
        "{\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"} | There is no appid and wxphone.appids is empty | add the appid to the record, or set wxphone.appids",
        "{\"openid\":\"other\",\"appid\":\"wx1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"} | The field openid is not the record's key | publish each login under its own openid",
      })
  void a_malformed_login_is_told_by_its_sentence_with_what_to_do(
      String value, String seen, String remedy) {
    add(GOOD);
    add(value);
    Wrong wrong = (Wrong) shapes.finding(DAY);
    assertThat(wrong.seen()).startsWith("t: 50 % malformed (1 of 2), as t-3@7: " + seen);
    assertThat(wrong.remedy()).isEqualTo(remedy);
    assertThat(wrong.toString()).doesNotContain("tiihtNczf5v6AKRyjwEUhQ", "40029");
  }

  @Test
  void what_is_wrong_with_a_key_that_is_no_openid_is_named() {
    shapes.add(Records.of(null, GOOD, 3, 0));
    shapes.add(Records.of("\"o1\"".getBytes(UTF_8), GOOD, 3, 0));
    shapes.add(Records.of("\"o1\"".getBytes(UTF_8), null, 3, 0));
    assertThat(shapes.finding(DAY))
        .isEqualTo(
            new Wrong(
                "session keys",
                "t: 100 % malformed (3 of 3), as t-3@7: The record key stands in JSON quotes",
                "publish each login under its openid, as plain text of letters, digits, _ and -"));
  }

  @Test
  void a_placeholder_of_ours_is_no_login_though_its_key_is_no_openid() {
    shapes.add(
        with(
            Records.of("wxphone.fence".getBytes(UTF_8), null, 3, 0),
            HeaderNames.REROUTED_TO,
            "t-3"));
    assertThat(shapes.finding(DAY)).isInstanceOf(Fine.class);
  }

  @Test
  void the_commonest_sentence_is_told() {
    add("{}");
    add("no");
    add("no");
    assertThat(shapes.finding(DAY).seen()).contains("3 of 3", "not one JSON object");
  }

  @Test
  void logouts_and_copies_are_no_logins() {
    shapes.add(Records.of(openid(1), null, 3, 0));
    ConsumerRecord<byte[], byte[]> copy = Records.of(openid(1), "no", 3, 0);
    shapes.add(with(copy, HeaderNames.REROUTED_FROM, "t-1@1"));
    assertThat(shapes.finding(DAY)).isEqualTo(new Fine("session keys", "t: no logins in 24 h"));
  }

  @Test
  void without_an_appid_where_the_settings_name_ours_it_is_fine() {
    SessionKeysCheck told = new SessionKeysCheck("t", false);
    String value = "{\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}";
    told.add(Records.of(openid(1), value, 3, 0));
    assertThat(told.finding(DAY))
        .isEqualTo(new Fine("session keys", "t: 1 login of 24 h, all well formed"));
  }

  private void add(String value) {
    shapes.add(Records.of(openid(1), value, 3, 0));
  }
}
