package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.operator.OperatorException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsStaySecretTest {
  private static final String SECRET = "hunter2";

  static Stream<Arguments> errors() {
    return Stream.of(
        error("kek in a file", new Sources().file("wxphone.kek.key.a", SECRET)),
        error("kek after -D", new Sources().override("wxphone.kek.key.a", SECRET)),
        error("kek in the environment", new Sources().environment("WXPHONE_KEK_KEY_A", SECRET)),
        error(
            "kek in a secret's file",
            new Sources().environment("WXPHONE_KEK_KEY_A_FILE", "f").secretFile("f", SECRET)),
        error("misspelt kek in a file", new Sources().file("wxphone.kke.key.a", SECRET)),
        error("misspelt kek after -D", new Sources().override("wxphone.kke.key.a", SECRET)),
        error("secret for a file's name", new Sources().environment("KAFKA_X_FILE", SECRET)),
        error(
            "both variables",
            new Sources()
                .environment("KAFKA_X", SECRET)
                .environment("KAFKA_X_FILE", "f")
                .secretFile("f", SECRET)),
        error(
            "the wrong secret's file",
            new Sources().environment("WXPHONE_SESSION_KEYS_FILE", "f").secretFile("f", SECRET)),
        error(
            "another key is wrong",
            new Sources()
                .file("sasl.jaas.config", SECRET)
                .environment("KAFKA_SSL_KEY_PASSWORD", SECRET)
                .override("ssl.truststore.password", SECRET)
                .override("wxphone.http.port", "x")));
  }

  private static Arguments error(String name, Sources sources) {
    return Arguments.of(name, sources);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errors")
  void no_error_holds_a_secret_on_any_line(String name, Sources sources) {
    OperatorException error = sources.error();
    StringWriter everything = new StringWriter();
    error.printStackTrace(new PrintWriter(everything));
    assertThat(everything.toString()).contains("OperatorException").doesNotContain(SECRET);
    assertThat(error.getMessage()).hasLineCount(1);
  }

  @Test
  void no_warning_holds_a_secret() {
    Sources sources = new Sources().environment("WXPHONE_KKE_KEY_A", SECRET);
    sources.load();
    assertThat(sources.warnings).singleElement().asString().doesNotContain(SECRET);
  }

  @Test
  void the_settings_as_text_show_of_kafka_the_keys_only() {
    Settings settings = new Sources().override("sasl.jaas.config", SECRET).load();
    assertThat(settings.kafka()).containsEntry("sasl.jaas.config", SECRET);
    assertThat(settings.toString())
        .isEqualTo(
            "Settings[appids=[], sessionKeys=3, sessionWait=PT10S, sessionFailures=50, sessionWaitMax=8,"
                + " watermarkMaxAge=PT72H, usersIdle=PT2160H, reroute=true, topics=TopicNames[phonePayload=phone-payload,"
                + " sessionKey=session-key, userProfile=user-profile, deadLetter=dead-letter,"
                + " deadLetterAudit=dead-letter-audit], httpPort=8080, httpHost=, rocksdbMegabytes=128, kafka=[sasl.jaas.config]]");
  }
}
