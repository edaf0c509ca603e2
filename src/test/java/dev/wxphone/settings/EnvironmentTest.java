package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.operator.OperatorException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  @ParameterizedTest
  @CsvSource({
    "KAFKA_BOOTSTRAP_SERVERS, bootstrap.servers",
    "KAFKA_RACK_AWARE_ASSIGNMENT_NON__OVERLAP__COST, rack.aware.assignment.non_overlap_cost",
    "KAFKA_A___B, a-b",
    "KAFKA_A____B, a-.b",
    "KAFKA_A_____B, a-_b",
    "KAFKA_SASL_KERBEROS_SERVICE_NAME, sasl.kerberos.service.name",
    "KAFKA_PORT, port",
    "KAFKA_KAFKA_X, kafka.x",
    "KAFKA_FILE, file",
  })
  void a_variable_of_kafkas_becomes_a_key_of_kafkas(String variable, String key) {
    assertThat(new Sources().environment(variable, " v ").load().kafka())
        .isEqualTo(Map.of(key, " v "));
  }

  @Test
  void every_setting_of_ours_has_a_variable() {
    Sources sources = new Sources();
    sources
        .environment("WXPHONE_APPIDS", "wx1")
        .environment("WXPHONE_SESSION_KEYS", "4")
        .environment("WXPHONE_SESSION_WAIT", "PT4S")
        .environment("WXPHONE_SESSION_WAIT_MAX", "5")
        .environment("WXPHONE_WATERMARK_MAX___AGE", "P4D")
        .environment("WXPHONE_REROUTE", "false")
        .environment("WXPHONE_TOPIC_PHONE___PAYLOAD", "a")
        .environment("WXPHONE_TOPIC_SESSION___KEY", "b")
        .environment("WXPHONE_TOPIC_USER___PROFILE", "c")
        .environment("WXPHONE_TOPIC_DEAD___LETTER", "d")
        .environment("WXPHONE_TOPIC_DEAD___LETTER___AUDIT", "e")
        .environment("WXPHONE_HTTP_PORT", "9000");
    Sources sameByOverride = new Sources();
    sameByOverride
        .override("wxphone.appids", "wx1")
        .override("wxphone.session.keys", "4")
        .override("wxphone.session.wait", "PT4S")
        .override("wxphone.session.wait.max", "5")
        .override("wxphone.watermark.max-age", "P4D")
        .override("wxphone.reroute", "false")
        .override("wxphone.topic.phone-payload", "a")
        .override("wxphone.topic.session-key", "b")
        .override("wxphone.topic.user-profile", "c")
        .override("wxphone.topic.dead-letter", "d")
        .override("wxphone.topic.dead-letter-audit", "e")
        .override("wxphone.http.port", "9000");
    assertThat(sources.load()).isEqualTo(sameByOverride.load());
    assertThat(sources.warnings).isEmpty();
  }

  @Test
  void an_empty_variable_of_ours_sets_empty_text() {
    assertThat(
            new Sources()
                .file("wxphone.appids", "wx1")
                .environment("WXPHONE_APPIDS", "")
                .load()
                .appids())
        .isEmpty();
    assertThat(new Sources().environment("WXPHONE_SESSION_KEYS", "").error())
        .hasMessageContaining("environment variable WXPHONE_SESSION_KEYS");
  }

  @ParameterizedTest
  @CsvSource({
    "KAFKA_SERVICE_HOST, 10.0.0.1",
    "KAFKA_SERVICE_PORT, 9092",
    "KAFKA_SERVICE_PORT_TCP_CLIENTS, 9092",
    "KAFKA_SERVICE_PORT_FILE, 9092",
    "KAFKA_PORT, tcp://10.0.0.1:9092",
    "KAFKA_PORT, sctp://10.0.0.1:9092",
    "KAFKA_PORT_9092_TCP, tcp://10.0.0.1:9092",
    "KAFKA_PORT_9092_TCP_PROTO, tcp",
    "KAFKA_PORT_9092_TCP_PORT, 9092",
    "KAFKA_PORT_9092_TCP_ADDR, 10.0.0.1",
    "KAFKA_PORT_53_UDP_ADDR, 10.0.0.1",
    "KAFKA_PORT_9_SCTP, sctp://10.0.0.1:9",
    "KAFKA_MAIN_KAFKA_BOOTSTRAP_SERVICE_HOST, 10.0.0.1",
    "KAFKA_MAIN_KAFKA_BOOTSTRAP_PORT, tcp://10.0.0.1:9092",
    "WXPHONE_SERVICE_HOST, 10.0.0.1",
    "WXPHONE_SERVICE_PORT, 8080",
    "WXPHONE_SERVICE_PORT_HTTP, 8080",
    "WXPHONE_PORT, udp://10.0.0.1:8080",
    "WXPHONE_PORT_8080_TCP, tcp://10.0.0.1:8080",
    "WXPHONE_PORT_8080_TCP_ADDR, 10.0.0.1",
    "WXPHONE_HTTP_PORT, tcp://10.0.0.1:8080",
    "WXPHONE_KEK_SERVICE_HOST, 10.0.0.1",
  })
  void what_kubernetes_injects_for_a_service_is_ignored(String variable, String value) {
    assertIgnored(variable, value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KAFKA_OPTS",
        "KAFKA_HEAP_OPTS",
        "KAFKA_HEAP_OPT",
        "KAFKA_JVM_PERFORMANCE_OPTS",
        "KAFKA_GC_LOG_OPTS",
        "KAFKA_LOG4J_OPTS",
        "KAFKA_LOG4J_LOGGERS",
        "KAFKA_LOG4J_ROOT_LOGLEVEL",
        "KAFKA_TOOLS_LOG4J_LOGLEVEL",
        "KAFKA_JMX_OPTS",
        "KAFKA_JMX_PORT",
        "KAFKA_JMX_HOSTNAME",
        "KAFKA_HOME",
        "KAFKA_VERSION",
        "KAFKA_DEBUG",
        "KAFKA_MODE",
        "KAFKA_",
        "LOG_DIR",
        "PATH",
        "kafka_acks",
        "MY_KAFKA_ACKS"
      })
  void what_only_kafkas_scripts_read_is_ignored(String variable) {
    assertIgnored(variable, "x");
  }

  private static void assertIgnored(String variable, String value) {
    Sources sources = new Sources().environment(variable, value);
    assertThat(sources.load()).isEqualTo(new Sources().load());
    assertThat(sources.warnings).isEmpty();
  }

  @Test
  void no_key_of_kafkas_is_taken_for_something_else() {
    TreeSet<String> keys = new TreeSet<>(StreamsConfig.configDef().names());
    keys.addAll(ConsumerConfig.configNames());
    keys.addAll(ProducerConfig.configNames());
    keys.addAll(AdminClientConfig.configNames());
    assertThat(keys).hasSizeGreaterThan(150).contains("sasl.oauthbearer.assertion.file");
    for (String key : keys) {
      String variable =
          "KAFKA_"
              + key.replace("_", "__")
                  .replace(".", "_")
                  .replace("-", "___")
                  .toUpperCase(Locale.ROOT);
      assertThat(new Sources().environment(variable, "v").load().kafka())
          .isEqualTo(Map.of(key, "v"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WXPHONE_SESION_KEYS, WXPHONE_SESSION_KEYS",
    "WXPHONE_SESION_KEYS_FILE, WXPHONE_SESSION_KEYS",
    "WXPHONE_WATERMARK_MAX_AGE, WXPHONE_WATERMARK_MAX___AGE",
    "WXPHONE_TOPIC_DEAD_LETTER, WXPHONE_TOPIC_DEAD___LETTER",
    "WXPHONE_HTTP__PORT, WXPHONE_HTTP_PORT",
    "WXPHONE_, WXPHONE_APPIDS",
    "WXPHONE_FILE, WXPHONE_APPIDS",
  })
  void an_unknown_variable_of_ours_is_a_warning_that_names_the_nearest_known_one(
      String unknown, String nearest) {
    Sources sources = new Sources().environment(unknown, "x");
    assertThat(sources.load()).isEqualTo(new Sources().load());
    assertThat(sources.warnings)
        .containsExactly(
            "environment variable "
                + unknown
                + " is ignored: there is no such setting; did you mean "
                + nearest
                + "?");
    assertThat(sources.filesRead).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"``", "`\n`", "`\r\n`", "`\n\n\r\n`"})
  void a_file_variable_holds_the_files_content_without_its_trailing_newlines(String newlines) {
    Sources sources =
        new Sources()
            .environment("KAFKA_SSL_KEY_PASSWORD_FILE", "/run/secret")
            .environment("WXPHONE_SESSION_KEYS_FILE", "/run/keys")
            .secretFile("/run/secret", "\n one\ntwo " + newlines)
            .secretFile("/run/keys", "5" + newlines);
    assertThat(sources.load().kafka()).isEqualTo(Map.of("ssl.key.password", "\n one\ntwo "));
    assertThat(sources.load().sessionKeys()).isEqualTo(5);
  }

  @Test
  void a_file_that_cannot_be_read_is_a_usage_error_that_names_the_variable_only() {
    OperatorException error =
        new Sources().environment("KAFKA_SSL_KEY_PASSWORD_FILE", "hunter2").error();
    assertThat(error)
        .hasMessage(
            "environment variable KAFKA_SSL_KEY_PASSWORD_FILE must name a file, and that file"
                + " can't be read as text; does it exist, and may this user read it?")
        .hasNoCause();
    assertThat(error.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "KAFKA_ACKS, KAFKA_ACKS_FILE, acks",
    "KAFKA_ACKS, KAFKA_acks, acks",
    "WXPHONE_HTTP_PORT, WXPHONE_HTTP_PORT_FILE, wxphone.http.port",
  })
  void two_variables_for_one_key_are_a_usage_error(String one, String other, String key) {
    OperatorException error =
        new Sources().environment(one, "").environment(other, "f").secretFile("f", "1").error();
    assertThat(error)
        .hasMessage(
            "environment variables %s and %s both set %s; keep one of them"
                .formatted(one, other, key));
    assertThat(error.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "KAFKA_SASL_OAUTHBEARER_ASSERTION_FILE, sasl.oauthbearer.assertion.file",
    "KAFKA_CONSUMER_SASL_OAUTHBEARER_ASSERTION_FILE, consumer.sasl.oauthbearer.assertion.file",
  })
  void a_key_of_kafkas_that_itself_names_a_file_is_passed_on(String variable, String key) {
    Sources sources = new Sources().environment(variable, "/run/token");
    assertThat(sources.load().kafka()).isEqualTo(Map.of(key, "/run/token"));
    Sources inFile = new Sources().environment(variable + "_FILE", "f").secretFile("f", "name\n");
    assertThat(inFile.load().kafka()).isEqualTo(Map.of(key, "name"));
  }
}
