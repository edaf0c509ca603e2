package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.OperatorException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void where_nothing_is_set_the_defaults_of_the_contract_count() {
    assertThat(new Sources().load())
        .isEqualTo(
            new Settings(
                new TreeSet<>(),
                3,
                Duration.ofSeconds(10),
                50,
                8,
                Duration.ofDays(3),
                Duration.ofDays(90),
                true,
                new TopicNames(
                    "phone-payload",
                    "session-key",
                    "user-profile",
                    "dead-letter",
                    "dead-letter-audit"),
                8080,
                "",
                128,
                Map.of()));
  }

  @Test
  void a_later_source_counts_over_an_earlier_one() {
    Sources sources = new Sources();
    assertThat(sources.load().httpPort()).isEqualTo(8080);
    assertThat(sources.file("wxphone.http.port", "1").load().httpPort()).isEqualTo(1);
    assertThat(sources.environment("WXPHONE_HTTP_PORT", "2").load().httpPort()).isEqualTo(2);
    assertThat(sources.override("wxphone.http.port", "3").load().httpPort()).isEqualTo(3);
  }

  @Test
  void a_later_source_counts_over_an_earlier_one_for_kafka_too() {
    Sources sources = new Sources().file("linger.ms", "1").file("acks", "all");
    assertThat(sources.load().kafka()).isEqualTo(Map.of("linger.ms", "1", "acks", "all"));
    sources.environment("KAFKA_LINGER_MS", "2");
    assertThat(sources.load().kafka()).isEqualTo(Map.of("linger.ms", "2", "acks", "all"));
    sources.override("linger.ms", "3");
    assertThat(sources.load().kafka()).isEqualTo(Map.of("linger.ms", "3", "acks", "all"));
  }

  @Test
  void a_wrong_value_that_a_later_source_corrects_harms_nothing() {
    Sources sources = new Sources().file("wxphone.http.port", "x");
    assertThat(sources.override("wxphone.http.port", "3").load().httpPort()).isEqualTo(3);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        accepted("wxphone.appids", "", Settings::appids, new TreeSet<>()),
        accepted("wxphone.appids", " , ,", Settings::appids, new TreeSet<>()),
        accepted("wxphone.appids", "wx1", Settings::appids, new TreeSet<>(List.of("wx1"))),
        accepted(
            "wxphone.appids",
            " wx2 ,, wx1,wx2,",
            Settings::appids,
            new TreeSet<>(List.of("wx1", "wx2"))),
        accepted("wxphone.session.keys", "1", Settings::sessionKeys, 1),
        accepted("wxphone.session.keys", " 16\t", Settings::sessionKeys, 16),
        accepted("wxphone.session.wait", "PT0S", Settings::sessionWait, Duration.ZERO),
        accepted("wxphone.session.wait", "pt1.5s", Settings::sessionWait, Duration.ofMillis(1500)),
        accepted("wxphone.session.wait", "PT10M", Settings::sessionWait, Duration.ofMinutes(10)),
        accepted("wxphone.session.wait", "PT0.0001S", Settings::sessionWait, Duration.ZERO),
        accepted("wxphone.session.failures", "1", Settings::sessionFailures, 1),
        accepted("wxphone.session.failures", "1000", Settings::sessionFailures, 1000),
        accepted("wxphone.session.wait.max", "1", Settings::sessionWaitMax, 1),
        accepted("wxphone.session.wait.max", "1000", Settings::sessionWaitMax, 1000),
        accepted(
            "wxphone.watermark.max-age", "PT1S", Settings::watermarkMaxAge, Duration.ofSeconds(1)),
        accepted(
            "wxphone.watermark.max-age", "P365D", Settings::watermarkMaxAge, Duration.ofDays(365)),
        accepted("wxphone.reroute", "FALSE", Settings::reroute, false),
        accepted("wxphone.reroute", " True ", Settings::reroute, true),
        accepted("wxphone.topic.phone-payload", " a ", s -> s.topics().phonePayload(), "a"),
        accepted("wxphone.topic.session-key", "a", s -> s.topics().sessionKey(), "a"),
        accepted("wxphone.topic.user-profile", "a.B_c-9", s -> s.topics().userProfile(), "a.B_c-9"),
        accepted("wxphone.topic.dead-letter", "...", s -> s.topics().deadLetter(), "..."),
        accepted("wxphone.topic.dead-letter-audit", "a", s -> s.topics().deadLetterAudit(), "a"),
        accepted("wxphone.http.port", "-1", Settings::httpPort, -1),
        accepted("wxphone.rocksdb.megabytes", "16", Settings::rocksdbMegabytes, 16),
        accepted("wxphone.http.port", "0", Settings::httpPort, 0),
        accepted("wxphone.http.port", "65535", Settings::httpPort, 65535),
        accepted("wxphone.http.host", "", Settings::httpHost, ""),
        accepted("wxphone.http.host", " 127.0.0.1 ", Settings::httpHost, "127.0.0.1"),
        accepted("wxphone.http.host", "node-1.example", Settings::httpHost, "node-1.example"),
        accepted("wxphone.http.host", "[::1]", Settings::httpHost, "[::1]"),
        accepted("wxphone.http.host", "fe80::1%eth0", Settings::httpHost, "fe80::1%eth0"));
  }

  private static Arguments accepted(
      String key, String text, Function<Settings, Object> field, Object value) {
    return Arguments.of(key, text, field, value);
  }

  @ParameterizedTest(name = "{0}={1}")
  @MethodSource("accepted")
  void a_right_value_is_read(
      String key, String text, Function<Settings, Object> field, Object expected) {
    assertThat(field.apply(new Sources().override(key, text).load())).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wxphone.appids              | wx1 wx2     | appids separated by commas
          wxphone.appids              | wx1;wx2     | appids separated by commas
          wxphone.session.keys        | 0           | a whole number from 1 to 16
          wxphone.session.keys        | 17          | a whole number from 1 to 16
          wxphone.session.keys        | ''          | a whole number from 1 to 16
          wxphone.session.keys        | 3.0         | a whole number from 1 to 16
          wxphone.session.keys        | 4294967297  | a whole number from 1 to 16
          wxphone.session.wait        | 10s         | an ISO-8601 duration from PT0S to PT10M, such as PT10S
          wxphone.session.wait        | PT-1S       | an ISO-8601 duration from PT0S to PT10M, such as PT10S
          wxphone.session.wait        | PT10M0.001S | an ISO-8601 duration from PT0S to PT10M, such as PT10S
          wxphone.session.wait        | P999999999999999999999D | an ISO-8601 duration from PT0S to PT10M, such as PT10S
          wxphone.session.failures    | 0           | a whole number from 1 to 1000
          wxphone.session.failures    | 1001        | a whole number from 1 to 1000
          wxphone.session.wait.max    | 0           | a whole number from 1 to 1000
          wxphone.session.wait.max    | 1001        | a whole number from 1 to 1000
          wxphone.watermark.max-age   | PT0S        | an ISO-8601 duration from PT1S to P365D, such as P3D
          wxphone.watermark.max-age   | PT0.999S    | an ISO-8601 duration from PT1S to P365D, such as P3D
          wxphone.watermark.max-age   | P366D       | an ISO-8601 duration from PT1S to P365D, such as P3D
          wxphone.watermark.max-age   | P1Y         | an ISO-8601 duration from PT1S to P365D, such as P3D
          wxphone.reroute             | yes         | true or false
          wxphone.topic.phone-payload | ''          | a topic name (1 to 249 letters, digits, '.', '_' and '-'; not '.' or '..')
          wxphone.topic.session-key   | a b         | a topic name (1 to 249 letters, digits, '.', '_' and '-'; not '.' or '..')
          wxphone.topic.dead-letter   | ..          | a topic name (1 to 249 letters, digits, '.', '_' and '-'; not '.' or '..')
          wxphone.http.port           | -2          | a whole number from -1 to 65535
          wxphone.http.port           | 65536       | a whole number from -1 to 65535
          wxphone.http.host           | http://x    | a host name or an address, such as 127.0.0.1
          wxphone.http.host           | x:80        | a host name or an address, such as 127.0.0.1
          wxphone.http.host           | a b         | a host name or an address, such as 127.0.0.1
          """,
      quoteCharacter = '`')
  void a_wrong_value_is_a_usage_error_that_names_the_key_its_origin_and_what_is_expected(
      String key, String csvText, String expected) {
    String text = csvText.equals("''") ? "" : csvText;
    String rest = ": expected " + expected + ", not \"" + text + "\"";
    assertUsageError(new Sources().override(key, text), key + " (-D)" + rest);
    assertUsageError(new Sources().file(key, text), key + " (in app.properties)" + rest);
  }

  @Test
  void a_wrong_value_in_the_environment_is_blamed_on_its_variable() {
    assertUsageError(
        new Sources().environment("WXPHONE_WATERMARK_MAX___AGE", "3"),
        "wxphone.watermark.max-age (environment variable WXPHONE_WATERMARK_MAX___AGE): expected an"
            + " ISO-8601 duration from PT1S to P365D, such as P3D, not \"3\"");
  }

  @Test
  void a_wrong_value_of_many_lines_is_quoted_short_and_on_one() {
    String text = "a\nb\r\u2028\u202e" + "c".repeat(1000);
    assertUsageError(
        new Sources().override("wxphone.reroute", text),
        "wxphone.reroute (-D): expected true or false, not \"a\\u000ab\\u000d\\u2028\\u202e"
            + "c".repeat(114)
            + "…\"");
    assertUsageError(
        new Sources().override("wxphone.reroute", "c".repeat(120)),
        "wxphone.reroute (-D): expected true or false, not \"" + "c".repeat(120) + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "wxphone.session.key, wxphone.session.keys",
    "wxphone.sesion.wait, wxphone.session.wait",
    "wxphone.session.wait.ma, wxphone.session.wait.max",
    "wxphone.session.max.wait, wxphone.session.wait",
    "wxphone.watermark.maxage, wxphone.watermark.max-age",
    "wxphone.watermark.max.age, wxphone.watermark.max-age",
    "wxphone.port, wxphone.http.port",
    "wxphone.appid, wxphone.appids",
    "wxphone.topic.payload, wxphone.topic.phone-payload",
    "wxphone.topics.dead-letters, wxphone.topic.dead-letter",
    "wxphone.Reroute, wxphone.reroute",
    "wxphone.kke.active, wxphone.kek.active",
  })
  void an_unknown_key_of_ours_is_an_error_that_names_the_nearest_known_one(
      String unknown, String nearest) {
    String rest = ": there is no such setting; did you mean " + nearest + "?";
    assertUsageError(new Sources().override(unknown, "x"), unknown + " (-D)" + rest);
    assertUsageError(new Sources().file(unknown, "x"), unknown + " (in app.properties)" + rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wxphone.kek.active",
        "wxphone.kek.required",
        "wxphone.kek.key.a",
        "wxphone.kek.anything",
        "wxphone.kek"
      })
  void sealing_is_refused_because_this_version_cannot_do_it(String key) {
    String variable = key.replace('.', '_').toUpperCase(Locale.ROOT);
    String rest =
        ": this version cannot seal session keys, and would store them in clear, so it does not"
            + " start; remove wxphone.kek.*";
    assertUsageError(new Sources().override(key, ""), key + " (-D)" + rest);
    assertUsageError(new Sources().file(key, "x"), key + " (in app.properties)" + rest);
    assertUsageError(
        new Sources().environment(variable, "x"),
        key + " (environment variable " + variable + ")" + rest);
    assertUsageError(
        new Sources().environment(variable + "_FILE", "x"),
        key + " (environment variable " + variable + "_FILE)" + rest);
  }

  @Test
  void every_key_that_is_not_ours_goes_to_kafka_as_it_is() {
    Sources sources =
        new Sources()
            .override("bootstrap.servers", " a:1,b:2 ")
            .override("producer.linger.ms", "5")
            .override("wxphones", "");
    assertThat(sources.load().kafka())
        .isEqualTo(
            Map.of("bootstrap.servers", " a:1,b:2 ", "producer.linger.ms", "5", "wxphones", ""));
  }

  @Test
  void the_application_id_is_kafkas_or_wxphone() {
    assertThat(new Sources().load().applicationId()).isEqualTo("wxphone");
    assertThat(new Sources().override("application.id", " ").load().applicationId())
        .isEqualTo("wxphone");
    assertThat(new Sources().override("application.id", "mine").load().applicationId())
        .isEqualTo("mine");
  }

  @Test
  void the_bootstrap_servers_are_kafkas_or_none() {
    assertThat(new Sources().load().bootstrapServers()).isEmpty();
    assertThat(new Sources().override("bootstrap.servers", "").load().bootstrapServers()).isEmpty();
    assertThat(new Sources().override("bootstrap.servers", " a:1 ").load().bootstrapServers())
        .contains("a:1");
  }

  @Test
  void the_collections_cannot_be_changed() {
    Settings settings = new Sources().load();
    assertThatThrownBy(() -> settings.appids().add("wx1"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> settings.kafka().put("acks", "all"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static void assertUsageError(Sources sources, String message) {
    OperatorException error = sources.error();
    assertThat(error).hasMessage(message);
    assertThat(error.exitCode()).isEqualTo(2);
  }

  @Test
  void a_topic_that_is_already_the_default_of_another_is_refused_too() {
    OperatorException error =
        new Sources().override("wxphone.topic.phone-payload", "session-key").error();
    assertThat(error)
        .hasMessage(
            "wxphone.topic.phone-payload and wxphone.topic.session-key both name the topic"
                + " \"session-key\"; give each a topic of its own");
    assertThat(error.exitCode()).isEqualTo(2);
  }
}
