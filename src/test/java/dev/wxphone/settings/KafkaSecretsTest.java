package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.operator.OperatorException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KafkaSecretsTest {
  @ParameterizedTest
  @CsvSource({
    "sasl.jaas.config, KAFKA_SASL_JAAS_CONFIG_FILE",
    "ssl.key.password, KAFKA_SSL_KEY_PASSWORD_FILE",
    "ssl.keystore.password, KAFKA_SSL_KEYSTORE_PASSWORD_FILE",
    "ssl.keystore.key, KAFKA_SSL_KEYSTORE_KEY_FILE",
    // No secrets, but Kafka calls them passwords, too.
    "ssl.keystore.certificate.chain, KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN_FILE",
    "ssl.truststore.certificates, KAFKA_SSL_TRUSTSTORE_CERTIFICATES_FILE",
    "ssl.truststore.password, KAFKA_SSL_TRUSTSTORE_PASSWORD_FILE",
    "sasl.oauthbearer.client.credentials.client.secret,"
        + " KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET_FILE",
    "producer.ssl.key.password, KAFKA_PRODUCER_SSL_KEY_PASSWORD_FILE",
    "main.consumer.sasl.jaas.config, KAFKA_MAIN_CONSUMER_SASL_JAAS_CONFIG_FILE",
  })
  void a_secret_on_the_command_line_is_refused_with_the_way_that_keeps_it(
      String key, String variable) {
    assertThatThrownBy(() -> KafkaSecrets.refuseOnCommandLine(List.of("linger.ms", key)))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith("-D" + key + ": ")
        .hasMessageEndingWith(" or into a file that " + variable + " names");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bootstrap.servers",
        "ssl.keystore.location",
        "sasl.mechanism",
        "wxphone.appids",
        "num.stream.threads",
        "password"
      })
  void other_settings_are_taken_from_it(String key) {
    assertThatCode(() -> KafkaSecrets.refuseOnCommandLine(List.of(key))).doesNotThrowAnyException();
  }
}
